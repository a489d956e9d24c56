// Keeps the page as the files are: listens for news, fetches the page anew and changes only what differs, so that the
// place, the open sections and the field in hand stay. It knows nothing of scores: all of that comes from the server.
(function () {
  "use strict";

  // A sentence of ours in the language of the page: what it carries in English, else as it is.
  var words = JSON.parse(document.getElementById("pv").dataset.words || "{}");
  function _(text) { return words[text] || text; }

  // ── Changing a page into a newer one of itself ──

  // Attributes that belong to the reader or to the page's own script.
  var KEPT = { open: ["DETAILS"], hidden: ["TR", "FORM", "PROGRESS", "A", "BUTTON"], "aria-sort": ["TH"], "data-was": null, "data-way": ["TD", "P"], disabled: ["BUTTON"] };

  function keeps(node, name) {
    return KEPT.hasOwnProperty(name) && (KEPT[name] === null || KEPT[name].indexOf(node.nodeName) >= 0);
  }

  function keyOf(node) {
    if (node.nodeType !== 1) { return ""; }
    var id = node.nodeName === "TR" && node.querySelector("th .id");
    return node.id || node.getAttribute("data-key") || (id ? "row " + id.textContent : "");
  }

  function attributes(old, fresh) {
    Array.from(fresh.attributes).forEach(function (one) {
      if (!keeps(old, one.name) && old.getAttribute(one.name) !== one.value) { old.setAttribute(one.name, one.value); }
    });
    Array.from(old.attributes).forEach(function (one) {
      if (!keeps(old, one.name) && !fresh.hasAttribute(one.name)) { old.removeAttribute(one.name); }
    });
  }

  function alike(a, b) {
    return a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
  }

  function children(old, fresh) {
    var keyed = {};
    Array.from(old.childNodes).forEach(function (node) { var key = keyOf(node); if (key) { keyed[key] = node; } });
    var sorted = old.nodeName === "TBODY" && old.closest("table.projects");
    var at = old.firstChild;
    Array.from(fresh.childNodes).forEach(function (node) {
      var key = keyOf(node), same = key && keyed[key];
      if (same && sorted) { delete keyed[key]; morph(same, node); if (same === at) { at = at.nextSibling; } return; }
      if (same && same.parentNode === old) {
        delete keyed[key];
        if (same === at) { at = at.nextSibling; } else { old.insertBefore(same, at); }
        morph(same, node);
      } else if (at && !keyOf(at) && !key && alike(at, node)) {
        var next = at.nextSibling; morph(at, node); at = next;
      } else {
        old.insertBefore(document.importNode(node, true), at);
      }
    });
    while (at) { var gone = at; at = at.nextSibling; if (!sorted || !keyOf(gone) || keyed[keyOf(gone)] === gone) { gone.remove(); } }
    Object.keys(keyed).forEach(function (key) { if (keyed[key].parentNode === old) { keyed[key].remove(); } });
  }

  function morph(old, fresh) {
    if (!alike(old, fresh)) { old.replaceWith(document.importNode(fresh, true)); return; }
    if (old.nodeType !== 1) { if (old.data !== fresh.data) { old.data = fresh.data; } return; }
    if (old.nodeName === "SCRIPT" || old.hasAttribute("data-pdf") || old.id === "count" || old.id === "answer" || old.id === "said") { return; }
    if (old.nodeName === "TH" && old.firstElementChild && old.firstElementChild.nodeName === "BUTTON") { return; }
    attributes(old, fresh);
    if (old.nodeName === "TEXTAREA") { if (old.defaultValue !== fresh.defaultValue) { old.defaultValue = fresh.defaultValue; } return; }
    children(old, fresh);
  }

  function styles(fresh) {
    var links = fresh.querySelectorAll("head link[rel=stylesheet]");
    var known = document.querySelectorAll("head link[rel=stylesheet]");
    Array.prototype.forEach.call(links, function (link, i) {
      if (known[i] && known[i].getAttribute("href") !== link.getAttribute("href")) {
        var added = document.importNode(link, true), old = known[i];
        added.addEventListener("load", function () { old.remove(); });
        old.after(added);
      }
    });
  }

  function become(html) {
    var fresh = new DOMParser().parseFromString(html, "text/html");
    if (!fresh.getElementById("pv")) { location.reload(); return; }
    document.dispatchEvent(new CustomEvent("preview:renewing"));
    document.title = fresh.title;
    styles(fresh);
    morph(document.body, fresh.body);
    mark();
    document.dispatchEvent(new CustomEvent("preview:renewed"));
  }

  // ── Scores that moved ──

  function spot(item) {
    var anchor = item.dataset.anchor, row;
    if (anchor === "total") { return document.querySelector(".masthead .figure.total .number"); }
    if (anchor === "execution") { return document.querySelector(".funds tr.sum td[data-label='得分']"); }
    row = document.getElementById(anchor);
    return row && row.querySelector("td.points");
  }

  function line(item) {
    return Array.prototype.find.call(document.querySelectorAll("table.projects tbody tr"), function (row) {
      var id = row.querySelector("th .id");
      return id && id.textContent === item.dataset.project;
    });
  }

  function mark() {
    document.querySelectorAll("[data-was]").forEach(function (cell) { cell.removeAttribute("data-was"); cell.removeAttribute("data-way"); });
    var path = decodeURIComponent(location.pathname);
    document.querySelectorAll("#pv-moves li").forEach(function (item) {
      var here = path.endsWith("/projects/" + item.dataset.project + "/report.html");
      var row = path.endsWith("/index.html") && item.dataset.anchor === "total" && line(item);
      var cell = here ? spot(item) : row && row.querySelector("td.total");
      if (cell) { cell.setAttribute("data-was", item.dataset.old); cell.setAttribute("data-way", item.dataset.way); }
    });
  }

  // ── News ──

  var source = null, running = false, again = false, latest = null;
  function bar() { return document.getElementById("pv"); }

  function say(text) { document.getElementById("pv-state").textContent = text; }

  function versionIn(state) {
    var mine = bar().dataset.evaluation, all = state.versions;
    if (mine) { return String(all[mine] || 0); }
    return String(Object.keys(all).reduce(function (sum, key) { return sum + all[key]; }, 0));
  }

  function renew() {
    if (running) { again = true; return; }
    running = true;
    window.preview.fetchPage().then(function (answer) {
      return answer.text().then(function (html) { if (answer.ok) { become(html); } else { say(_("本页已经没有了")); } });
    }).catch(function () { say(_("取不到新的内容，稍后再试")); }).finally(function () {
      running = false;
      if (again) { again = false; renew(); }
    });
  }

  function heard(event) {
    var state = JSON.parse(event.data);
    if (state.instance !== bar().dataset.instance) { location.reload(); return; }
    latest = state;
    pdf();
    if (versionIn(state) !== bar().dataset.version) { renew(); }
  }

  function listen() {
    if (source || document.hidden) { return; }
    source = new EventSource("/events");
    source.onmessage = heard;
    source.onerror = function () { say(_("预览已断开；重新运行 selfeval preview 后自动恢复")); bar().classList.add("pv-off"); };
    source.onopen = function () { if (bar().classList.contains("pv-off")) { bar().classList.remove("pv-off"); renew(); } };
  }

  // A browser allows few connections to one server: pages that nobody looks at let theirs go.
  document.addEventListener("visibilitychange", function () {
    if (document.hidden && source) { source.close(); source = null; } else { listen(); }
  });

  // ── PDF ──

  function post(path, body) {
    return fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Preview-Token": bar().dataset.token },
      body: JSON.stringify(body)
    });
  }

  function pdf() {
    var box = document.querySelector(".pv-pdf");
    if (!box || !latest) { return; }
    var told = (latest.pdf || {})[box.dataset.pdf] || { words: "" }, state = told.state, link = box.querySelector("a");
    var old = state === "ready" && told.version !== latest.versions[bar().dataset.evaluation];
    box.querySelector("progress").hidden = state !== "working";
    box.querySelector("button").disabled = state === "working";
    link.hidden = state !== "ready";
    link.href = "/pdf/" + box.dataset.pdf.split("/").map(encodeURIComponent).join("/");
    box.querySelector(".pv-said").textContent = old ? _("这份是修改之前的") : told.words;
  }

  document.addEventListener("click", function (event) {
    var box = event.target.closest(".pv-pdf");
    if (box && event.target.nodeName === "BUTTON") {
      post("/pdf/" + box.dataset.pdf.split("/").map(encodeURIComponent).join("/"), {}).then(function (answer) {
        if (!answer.ok) { return answer.text().then(say); }
      }).catch(function () { say(_("预览已断开")); });
    }
  });

  window.preview = { say: _, become: become, post: post, renew: renew, fetchPage: function () { return fetch(location.href); } };
  mark();
  listen();
}());
