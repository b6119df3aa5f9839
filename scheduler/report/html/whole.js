(function () {
  "use strict";
  var form = document.getElementById("find"), query = document.getElementById("query"), nothing = document.getElementById("nothing");
  var sections = [].slice.call(document.querySelectorAll("section")), buttons = [].slice.call(form.querySelectorAll("button[data-kind]"));
  var kind = "";
  function plain(text) { return text.toLowerCase().replace(/[^a-z0-9\u00c0-\uffff]+/g, " ").trim(); }
  function show() {
    var words = plain(query.value).split(" "), found = 0;
    sections.forEach(function (section) {
      var name = plain(section.dataset.name), whole = plain(section.querySelector("h2").textContent);
      var fits = words.every(function (word) { return name.indexOf(word) >= 0 || whole.indexOf(word) >= 0; });
      section.hidden = !(fits && (!kind || section.dataset.kind === kind));
      found += section.hidden ? 0 : 1;
    });
    nothing.hidden = found > 0;
    buttons.forEach(function (button) { button.setAttribute("aria-pressed", button.dataset.kind === kind); });
  }
  buttons.forEach(function (button) { button.addEventListener("click", function () { kind = button.dataset.kind; show(); }); });
  query.addEventListener("input", show);
  form.addEventListener("submit", function (event) { event.preventDefault(); query.blur(); });
  document.getElementById("print").addEventListener("click", function () { window.print(); });
  var days = ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"], today = days[new Date().getDay()];
  [].forEach.call(document.querySelectorAll(".day"), function (cell) { if (cell.dataset.day === today) { cell.classList.add("today"); } });
  form.hidden = false;
  show();
})();
