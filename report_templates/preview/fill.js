// The form: collects what was typed and sends it to the server, which scores it and, when asked, saves it.
(function () {
  "use strict";
  var form = document.getElementById("fill"), _ = window.preview.say;
  var said = document.getElementById("said"), answer = document.getElementById("answer");
  var button = form.querySelector("button[type=submit]");
  var timer = null, asked = 0, saving = false, base = form.dataset.base, told = "", typed = new Map(), before = new Map();

  function fields() { return Array.from(form.querySelectorAll("[data-column]")); }

  function rowOf(field) { return field.closest("[data-row]").dataset.row; }

  function original(field) {
    if (field.nodeName !== "SELECT") { return field.defaultValue; }
    var chosen = Array.from(field.options).find(function (option) { return option.defaultSelected; });
    return chosen ? chosen.value : "";
  }

  function edited() { return fields().filter(function (field) { return !field.disabled && field.value !== original(field); }); }

  function changes() {
    return edited().map(function (field) {
      return { row: rowOf(field), column: field.dataset.column, text: field.value, was: was(field) };
    });
  }

  // What stood in a field when it was first changed: the file may say something else by now.
  function was(field) { return before.has(field.id) ? before.get(field.id) : original(field); }

  function remember() {
    fields().forEach(function (field) {
      if (field.value === original(field)) { before.delete(field.id); } else if (!before.has(field.id)) { before.set(field.id, original(field)); }
    });
  }

  function show() {
    var number = edited().length;
    remember();
    shade();
    if (button) { button.disabled = saving || !number; }
    said.textContent = told || (number ? _("有 {count} 格未保存").replace("{count}", number) : "");
  }

  function shade() {
    fields().forEach(function (field) { field.classList.toggle("edited", !field.disabled && field.value !== original(field)); });
  }

  // The scores of what is typed, from the server; only the newest answer counts.
  function attempt() {
    var mine = asked += 1, list = changes();
    window.preview.post(location.pathname + "/try", { base: base, changes: list }).then(function (got) {
      return got.text().then(function (text) {
        if (mine !== asked || saving) { return; }
        told = got.ok ? "" : JSON.parse(text).message || "";
        if (got.ok) { window.preview.become(text); }
        show();
      });
    }).catch(function () { told = _("预览已断开，填写的内容还在页面上"); show(); });
  }

  function save() {
    var list = changes();
    if (saving || !list.length) { return; }
    saving = true; asked += 1; told = _("正在保存…"); show();
    window.preview.post(location.pathname, { base: base, changes: list }).then(function (got) {
      return got.text().then(function (text) {
        saving = false;
        if (got.ok) { return saved(JSON.parse(text).base, list); }
        if (got.status === 409) { told = _("没有保存"); conflict(text); } else { told = _("没有保存：") + (JSON.parse(text).message || ""); }
        show();
      });
    }).catch(function () { saving = false; told = _("没有保存：预览已断开"); show(); });
  }

  function saved(state, list) {
    base = state;
    list.forEach(function (change) {
      fields().forEach(function (field) {
        if (field.dataset.column === change.column && rowOf(field) === change.row) { settle(field, change.text); }
      });
    });
    answer.textContent = "";
    told = _("已保存");
    show();
    setTimeout(function () { if (told === _("已保存")) { told = ""; show(); } }, 4000);
  }

  function settle(field, text) {
    before.delete(field.id);
    if (field.nodeName === "SELECT") {
      Array.from(field.options).forEach(function (option) { option.defaultSelected = option.value === text; });
    } else { field.defaultValue = text; }
  }

  function conflict(html) {
    var fresh = new DOMParser().parseFromString(html, "text/html").getElementById("conflict");
    answer.replaceChildren(document.importNode(fresh, true));
    answer.firstElementChild.focus();
  }

  // Both ways out begin with the file as it is now.
  function choose(which) {
    var mine = which === "mine";
    var rows = Array.from(answer.querySelectorAll("[data-asked-column]"));
    var asked = fields().filter(function (field) {
      return rows.some(function (row) { return row.dataset.askedColumn === field.dataset.column && row.dataset.askedRow === rowOf(field); });
    }).map(function (field) { return field.id; });
    fetch(location.href).then(function (got) { return got.text(); }).then(function (html) {
      window.preview.become(html);
      fields().forEach(function (field) {
        if (asked.indexOf(field.id) < 0) { return; }
        if (!mine) { field.value = original(field); }
        before.set(field.id, original(field));
      });
      base = form.dataset.base;
      answer.textContent = ""; told = "";
      show();
      attempt();
    });
  }

  function grow() {
    form.querySelectorAll("textarea").forEach(function (area) {
      area.style.height = "auto";
      area.style.height = area.scrollHeight + 2 + "px";
    });
  }

  function step(by) {
    var sets = Array.from(form.querySelectorAll("fieldset"));
    var at = sets.indexOf(document.activeElement.closest("fieldset"));
    var next = sets[Math.max(0, Math.min(sets.length - 1, at + by))];
    var field = next && next.querySelector("[data-column]:not(:disabled)");
    if (field) { field.focus(); if (field.select) { field.select(); } next.scrollIntoView({ block: "nearest" }); }
  }

  form.addEventListener("input", function (event) {
    if (event.target.id === "pv-project") { return; }
    told = "";
    grow();
    show();
    clearTimeout(timer);
    timer = setTimeout(attempt, 120);
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); save(); });

  // Another project: at once with the mouse; by keyboard only on Enter, since every arrow key is a change.
  var projects = document.getElementById("pv-project"), byKey = false;
  function go() { location.href = projects.dataset.root + projects.value; }
  projects.addEventListener("pointerdown", function () { byKey = false; });
  projects.addEventListener("keydown", function (event) {
    byKey = true;
    if (event.key === "Enter") { event.preventDefault(); go(); }
  });
  projects.addEventListener("change", function () { if (!byKey) { go(); } });

  answer.addEventListener("click", function (event) { if (event.target.dataset.choose) { choose(event.target.dataset.choose); } });
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") { event.preventDefault(); save(); }
    if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) { event.preventDefault(); step(event.key === "ArrowDown" ? 1 : -1); }
  });
  window.addEventListener("beforeunload", function (event) { if (edited().length) { event.preventDefault(); } });

  // News: without unsaved text the form becomes what the file says; with it, nothing typed is touched.
  document.addEventListener("preview:renewing", function () {
    typed = new Map(edited().map(function (field) { return [field.id, field.value]; }));
  });
  document.addEventListener("preview:renewed", function () {
    fields().forEach(function (field) {
      var value = typed.has(field.id) ? typed.get(field.id) : original(field);
      if (field.value !== value) { field.value = value; }
    });
    base = form.dataset.base;
    grow();
    show();
  });
  window.preview.fetchPage = function () {
    if (!edited().length) { return fetch(location.href); }
    return window.preview.post(location.pathname + "/try", { base: base, changes: changes() });
  };
  grow();
  show();
  var aim = document.getElementById(location.hash.slice(1));
  if (aim && aim.dataset.column) { aim.focus(); }
}());
