// The long tables of a survey: search, filters, order. What is chosen stands in the address; nothing is fetched.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  var tools = document.getElementById("tools");
  var STEP = 100;
  // The columns of a project, as page.py gives them.
  var YEAR = 0, UNIT = 1, ID = 2, NAME = 3, DEPARTMENT = 4, SUBJECT = 5, SUBJECT_NAME = 6, GRADE = 7, TOTAL = 8, RATE = 9,
    ADJUSTED = 10, USED = 11, WHY = 12, REPORT = 14;
  var KIND_KEYS = Array.prototype.map.call(document.querySelectorAll("[data-kind]"), function (link) { return link.dataset.kind; });
  var FIELDS = ["q", "department", "subject", "year", "grade", "kind"];
  var UNGRADED = "暂不评定", UNNAMED = "（未填写）";

  function text(tag, words, name) {
    var element = document.createElement(tag);
    element.textContent = words;
    if (name) { element.className = name; }
    return element;
  }

  function link(project, words) {
    var anchor = text("a", words);
    anchor.href = data.projects[project][REPORT];
    return anchor;
  }

  function subjectOf(row) { return (row[SUBJECT] + " " + row[SUBJECT_NAME]).trim() || UNNAMED; }
  function gradeOf(row) { return row[GRADE] || UNGRADED; }

  // Which kinds stand out in each project and how much.
  var kindsOf = data.projects.map(function () { return {}; });
  data.findings.forEach(function (finding) {
    finding[3].forEach(function (row) { kindsOf[row[0]][finding[0]] = true; });
  });
  var values = {
    department: function (row) { return row[DEPARTMENT] || UNNAMED; },
    subject: subjectOf,
    year: function (row) { return String(row[YEAR]); },
    grade: gradeOf
  };

  // ── What is chosen ──

  function stated() {
    var chosen = Object.create(null), given = new URLSearchParams(location.hash.slice(1));
    given.forEach(function (value, name) { chosen[name] = value; });
    return chosen;
  }

  function choose(changes) {
    var chosen = stated(), given = new URLSearchParams();
    Object.keys(changes).forEach(function (name) { chosen[name] = changes[name]; });
    Object.keys(chosen).forEach(function (name) { if (chosen[name]) { given.set(name, chosen[name]); } });
    history.replaceState(null, "", "#" + given.toString());
    show();
  }

  function fits(p, chosen) {
    var row = data.projects[p];
    return Object.keys(values).every(function (name) { return !chosen[name] || values[name](row) === chosen[name]; }) &&
      (!chosen.kind || kindsOf[p][KIND_KEYS.indexOf(chosen.kind)]);
  }

  function says(words, chosen) {
    if (!chosen.q) { return true; }
    words = words.toLowerCase();
    return chosen.q.trim().toLowerCase().split(/\s+/).every(function (word) { return words.indexOf(word) >= 0; });
  }

  function named(p) {
    var row = data.projects[p];
    return row[UNIT] + " " + row[ID] + " " + row[NAME];
  }

  // ── The tables: titles, which rows fit, how a row is compared and written ──

  function number(value) { return value === "" || value === null ? -Infinity : Number(value); }

  function cell(row, made, name) {
    var td = document.createElement("td");
    if (name) { td.className = name; }
    if (typeof made === "string") { td.textContent = made; } else { td.appendChild(made); }
    row.appendChild(td);
  }

  function head(row, p, words) {
    var th = document.createElement("th");
    th.scope = "row";
    th.appendChild(link(p, words));
    th.appendChild(text("small", data.projects[p][UNIT] + "，" + data.projects[p][YEAR] + " 年度"));
    row.appendChild(th);
  }

  function percent(rate) { return rate === "" ? "" : (Number(rate) * 100).toFixed(2) + "%"; }

  var tables = {
    findings: {
      order: "0.down",
      titles: [["强度", "number"], ["种类", "text"], ["说明", "text"], ["在哪里", ""]],
      rows: data.findings,
      fits: function (row, chosen) {
        return (!chosen.kind || KIND_KEYS[row[0]] === chosen.kind) && row[3].some(function (at) {
          return fits(at[0], chosen) && says(named(at[0]) + row[2], chosen);
        });
      },
      key: function (row, column) { return column === 0 ? number(row[1]) : column === 1 ? data.kinds[row[0]] : row[2]; },
      write: function (line, row) {
        cell(line, row[1], "num");
        cell(line, data.kinds[row[0]]);
        cell(line, row[2]);
        var list = document.createElement("ul");
        list.className = "rows";
        row[3].slice(0, 5).forEach(function (at) {
          var item = document.createElement("li");
          item.appendChild(link(at[0], data.projects[at[0]][ID] + " " + data.projects[at[0]][NAME]));
          item.appendChild(text("small", data.projects[at[0]][UNIT] + "，" + data.projects[at[0]][YEAR] + " 年度" + (at[1] ? "，" + at[1] : "")));
          list.appendChild(item);
        });
        if (row[3].length > 5) { list.appendChild(text("li", "等 " + row[3].length + " 行，见 survey.csv")); }
        cell(line, list);
      }
    },
    projects: {
      titles: [["项目", "text"], ["主管部门", "text"], ["功能科目", "text"], ["总分", "number"], ["等级", "text"], ["执行率", "number"],
        ["全年预算数（元）", "number"], ["突出之处", "number", "words"]],
      rows: data.projects.map(function (row, p) { return p; }),
      fits: function (p, chosen) { return fits(p, chosen) && says(named(p), chosen); },
      key: function (p, column) {
        var row = data.projects[p];
        return [named(p), row[DEPARTMENT], subjectOf(row), number(row[TOTAL]), gradeOf(row), number(row[RATE]), number(row[ADJUSTED]),
          Object.keys(kindsOf[p]).length][column];
      },
      write: function (line, p) {
        var row = data.projects[p];
        head(line, p, row[ID] + " " + row[NAME]);
        cell(line, row[DEPARTMENT]);
        cell(line, subjectOf(row));
        cell(line, link(p, row[TOTAL] || "—"), "num");
        cell(line, gradeOf(row));
        cell(line, link(p, percent(row[RATE]) || "—"), "num");
        cell(line, link(p, row[ADJUSTED] || "—"), "num");
        var words = Object.keys(kindsOf[p]).map(function (kind) { return data.kinds[kind]; }).join("、");
        cell(line, row[USED] === "是" ? words : text("span", "不计入：" + row[WHY], "out"));
      }
    },
    indicators: {
      titles: [["指标", "text"], ["项目", "text"], ["指标值", "text"], ["实际完成值", "text"], ["分值", "number"], ["得分", "number"]],
      rows: data.indicators,
      fits: function (row, chosen) { return fits(row[0], chosen) && says(named(row[0]) + row[3] + row[4] + row[5], chosen); },
      key: function (row, column) {
        return [row[3], named(row[0]), row[4], row[5], number(row[6]), number(row[7])][column];
      },
      write: function (line, row) {
        var th = text("th", row[3]);
        th.scope = "row";
        th.appendChild(text("small", row[1] + " / " + row[2]));
        line.appendChild(th);
        cell(line, link(row[0], named(row[0])));
        cell(line, row[4]);
        cell(line, row[5]);
        cell(line, row[6], "num");
        cell(line, link(row[0], row[7] || "未评分"), "num");
      }
    }
  };

  function ordered(rows, table, order) {
    var parts = (order || "").split(".");
    if (parts.length < 2) { return rows; }
    var column = Number(parts[0]), sign = parts[1] === "down" ? -1 : 1;
    var keys = rows.map(function (row, at) { return [table.key(row, column), at]; });
    keys.sort(function (a, b) {
      var way = typeof a[0] === "number" ? (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0) : a[0].localeCompare(b[0], "zh-CN", { numeric: true });
      return way * sign || a[1] - b[1];
    });
    return keys.map(function (key) { return rows[key[1]]; });
  }

  function build(name) {
    var table = tables[name], box = document.querySelector("[data-table=" + name + "]");
    table.count = text("p", "", "count");
    table.count.setAttribute("aria-live", "polite");
    table.body = document.createElement("tbody");
    table.further = text("button", "再显示一些", "further");
    table.further.type = "button";
    table.further.addEventListener("click", function () { table.shown += STEP * 5; fill(table); });
    var element = document.createElement("table"), line = document.createElement("tr"), scroll = text("div", "", "scroll");
    table.heads = table.titles.map(function (title, column) {
      var th = document.createElement("th");
      th.scope = "col";
      if (title[1] === "number" && !title[2]) { th.className = "num"; }
      if (!title[1]) { th.textContent = title[0]; }
      if (title[1]) {
        var button = text("button", title[0]);
        button.type = "button";
        button.addEventListener("click", function () {
          var first = title[1] === "number" ? "down" : "up", now = stated()[name + "-by"] || table.order, changes = {};
          changes[name + "-by"] = column + "." + (now === column + "." + first ? (first === "up" ? "down" : "up") : first);
          choose(changes);
        });
        th.appendChild(button);
      }
      line.appendChild(th);
      return th;
    });
    element.createTHead().appendChild(line);
    element.appendChild(table.body);
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", box.parentNode.querySelector("h2").textContent);
    scroll.appendChild(element);
    [table.count, scroll, table.further].forEach(function (part) { box.appendChild(part); });
  }

  function fill(table) {
    table.body.textContent = "";
    table.fitting.slice(0, table.shown).forEach(function (row) {
      var line = document.createElement("tr");
      table.write(line, row);
      table.body.appendChild(line);
    });
    table.count.textContent = "显示 " + Math.min(table.shown, table.fitting.length) + " / " + table.fitting.length + " 行（共 " + table.rows.length + " 行）";
    table.further.hidden = table.fitting.length <= table.shown;
  }

  function show() {
    var chosen = stated();
    FIELDS.forEach(function (name) { if (tools.elements[name].value !== (chosen[name] || "")) { tools.elements[name].value = chosen[name] || ""; } });
    Array.prototype.forEach.call(document.querySelectorAll("[data-kind]"), function (anchor) {
      if (anchor.dataset.kind === chosen.kind) { anchor.setAttribute("aria-current", "true"); } else { anchor.removeAttribute("aria-current"); }
    });
    Object.keys(tables).forEach(function (name) {
      var table = tables[name], order = chosen[name + "-by"] || table.order;
      table.fitting = ordered(table.rows.filter(function (row) { return table.fits(row, chosen); }), table, order);
      table.shown = STEP;
      table.heads.forEach(function (th, column) {
        th.removeAttribute("aria-sort");
        if (order && order.indexOf(column + ".") === 0) { th.setAttribute("aria-sort", order.slice(-4) === "down" ? "descending" : "ascending"); }
      });
      fill(table);
    });
  }

  function options(name, listed) {
    listed.forEach(function (pair) {
      var option = text("option", pair[1]);
      option.value = pair[0];
      tools.elements[name].appendChild(option);
    });
  }

  // Grades from the best down; whatever else there is behind them, by its words.
  function rank(value) {
    var at = data.grades.indexOf(value);
    return at < 0 ? data.grades.length : at;
  }

  Object.keys(values).forEach(function (name) {
    var seen = Object.create(null);
    data.projects.forEach(function (row) { seen[values[name](row)] = true; });
    var listed = Object.keys(seen).sort(function (a, b) { return rank(a) - rank(b) || a.localeCompare(b, "zh-CN", { numeric: true }); });
    options(name, listed.map(function (value) { return [value, value]; }));
  });
  options("kind", KIND_KEYS.map(function (key, at) { return [key, data.kinds[at]]; }));
  Object.keys(tables).forEach(build);
  FIELDS.forEach(function (name) {
    tools.elements[name].addEventListener("input", function (event) {
      var changes = {};
      changes[name] = event.target.value;
      choose(changes);
    });
  });
  tools.addEventListener("reset", function () { history.replaceState(null, "", "#"); setTimeout(show, 0); });
  tools.addEventListener("submit", function (event) { event.preventDefault(); });
  Array.prototype.forEach.call(document.querySelectorAll("[data-kind]"), function (anchor) {
    anchor.addEventListener("click", function (event) {
      event.preventDefault();
      choose({ kind: stated().kind === anchor.dataset.kind ? "" : anchor.dataset.kind });
    });
  });
  window.addEventListener("hashchange", show);
  tools.hidden = false;
  show();
}());
