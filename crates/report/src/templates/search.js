// Narrows the list of claims to those that hold every word that is typed.
(function () {
  var field = document.getElementById("search");
  var list = document.getElementById("list");
  var found = document.getElementById("found");
  var lines = Array.from(list.querySelectorAll("li"));
  field.closest("p").hidden = false;
  field.addEventListener("input", function () {
    var words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    var count = 0;
    lines.forEach(function (line) {
      var text = line.textContent.toLowerCase();
      line.hidden = !words.every(function (word) { return text.includes(word); });
      count += line.hidden ? 0 : 1;
    });
    list.open = words.length > 0;
    found.textContent = words.length ? count + " found" : "";
  });
})();
