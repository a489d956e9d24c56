// Search, filter and sort the table of projects. It reads the table itself: there is no data here, and nothing is fetched.
(function () {
  "use strict";
  var table = document.querySelector("table.projects");
  var tools = document.getElementById("tools");
  if (!table || !tools) { return; }
  var body = table.tBodies[0];
  var rows = Array.prototype.slice.call(body.rows);
  var search = document.getElementById("search");
  var grade = document.getElementById("grade");
  var level = document.getElementById("level");
  var count = document.getElementById("count");
  var ranks = { none: 0, info: 1, warning: 2, error: 3 };

  // What is shown stands in the address, so that it can be kept and passed on: #q=…&grade=…&level=…&sort=2&up=1
  function asked() {
    var told = {};
    location.hash.slice(1).split("&").forEach(function (part) {
      var at = part.indexOf("=");
      try { if (at > 0) { told[part.slice(0, at)] = decodeURIComponent(part.slice(at + 1)); } } catch (error) { /* not ours */ }
    });
    return told;
  }

  function keep() {
    var head = table.tHead.querySelector("[aria-sort]");
    var told = { q: search.value.trim(), grade: grade.value, level: level.value };
    if (head) { told.sort = String(head.cellIndex); told.up = head.getAttribute("aria-sort") === "ascending" ? "1" : "0"; }
    var hash = Object.keys(told).filter(function (name) { return told[name]; })
      .map(function (name) { return name + "=" + encodeURIComponent(told[name]); }).join("&");
    history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
  }

  function restore() {
    var told = asked();
    search.value = told.q || "";
    grade.value = told.grade || "";
    level.value = told.level || "";
    if (grade.selectedIndex < 0) { grade.value = ""; }
    if (level.selectedIndex < 0) { level.value = ""; }
    var head = table.tHead.rows[0].cells[told.sort];
    if (head) { sort(head, head.firstChild, told.up === "1"); }
    show();
  }

  function show() {
    var words = search.value.trim().toLowerCase().split(/\s+/);
    var all = !words.join("") && !grade.value && !level.value;
    var shown = 0;
    rows.forEach(function (row) {
      if (all) {
        if (row.hidden) { row.hidden = false; }
        shown += 1;
        return;
      }
      var text = row.cells[0].textContent.toLowerCase();
      var fits = words.every(function (word) { return text.indexOf(word) >= 0; }) &&
        (!grade.value || row.dataset.grade === grade.value) &&
        (!level.value || (level.value === "none" ? row.dataset.level === "none" : ranks[row.dataset.level] >= ranks[level.value]));
      row.hidden = !fits;
      if (fits) { shown += 1; }
    });
    count.textContent = "显示 " + shown + " / " + rows.length + " 个项目";
  }

  function key(row, column, kind) {
    var text = (row.cells[column].dataset.key || row.cells[column].textContent).trim();
    if (kind !== "number") { return text; }
    var number = parseFloat(text);
    return isNaN(number) ? -1 : number;
  }

  function turn(head, button) {
    return head.getAttribute("aria-sort") === "descending" || (!head.hasAttribute("aria-sort") && button.dataset.kind !== "number");
  }

  function sort(head, button, up) {
    var column = head.cellIndex;
    rows.sort(function (a, b) {
      var x = key(a, column, button.dataset.kind), y = key(b, column, button.dataset.kind);
      var order = typeof x === "number" ? x - y : x.localeCompare(y, "zh-CN", { numeric: true });
      return up ? order : -order;
    });
    rows.forEach(function (row) { body.appendChild(row); });
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (cell) { cell.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
  }

  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head) {
    var button = document.createElement("button");
    button.type = "button";
    button.dataset.kind = head.dataset.kind;
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () { sort(head, button, turn(head, button)); keep(); });
  });
  [search, grade, level].forEach(function (field) { field.addEventListener("input", function () { show(); keep(); }); });
  tools.addEventListener("reset", function () { setTimeout(function () { show(); keep(); }, 0); });
  window.addEventListener("hashchange", function () { if (location.hash.indexOf("=") > 0) { restore(); } });
  tools.addEventListener("submit", function (event) { event.preventDefault(); });
  tools.hidden = false;
  restore();
}());
