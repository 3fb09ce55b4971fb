// Enlarges a figure by a click, says the values of a chart under the pointer or by arrow keys, and goes through a strip row by row.
(function () {
  function make(name, kind, parent) {
    var element = document.createElement(name);
    element.className = kind;
    if (parent) { parent.append(element); }
    return element;
  }

  var shown = make("dialog", "enlarged", document.body);
  var close = make("button", "close", shown);
  close.textContent = "Close";
  close.type = "button";
  shown.addEventListener("click", function () { shown.close(); });

  function enlarge(figure) {
    var picture = figure.querySelector("img"), large = make("img", picture.className);
    large.alt = picture.alt;
    large.src = picture.src;
    shown.replaceChildren(close, large);
    shown.showModal();
  }

  // Values: the point nearest to the pointer, or the one that the arrow keys have come to.
  function readable(figure, data) {
    var drawing = figure.querySelector(".drawing");
    var picture = drawing.querySelector("img");
    var dot = make("span", "dot", drawing);
    var said = make("span", "said", drawing);
    said.setAttribute("role", "status");
    drawing.setAttribute("aria-description", "Arrow keys say the values.");
    var curve = 0, point = -1;
    function say() {
      var one = data.curves[curve], found = one.points[point];
      var scale = picture.clientWidth / data.width;
      dot.style.left = picture.offsetLeft + picture.clientLeft + found[0] * scale + "px";
      dot.style.top = picture.offsetTop + picture.clientTop + found[1] * scale + "px";
      dot.style.display = "block";
      said.textContent = (one.name ? one.name + ": " : "") + found[3] + " at " + found[2] + (data.across ? " (" + data.across + ")" : "");
    }
    drawing.addEventListener("pointermove", function (event) {
      var box = picture.getBoundingClientRect(), scale = box.width / data.width, nearest = Infinity;
      data.curves.forEach(function (one, at) {
        one.points.forEach(function (place, index) {
          var far = Math.hypot(place[0] * scale - (event.clientX - box.left), place[1] * scale - (event.clientY - box.top));
          if (far < nearest) { nearest = far; curve = at; point = index; }
        });
      });
      say();
    });
    drawing.addEventListener("keydown", function (event) {
      var along = { ArrowLeft: -1, ArrowRight: 1 }[event.key], among = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!along && !among) { return; }
      event.preventDefault();
      curve = (curve + (among || 0) + data.curves.length) % data.curves.length;
      var last = data.curves[curve].points.length - 1;
      point = Math.max(0, Math.min(last, point + (along || 0)));
      say();
    });
    function leave() { dot.style.display = "none"; said.textContent = ""; }
    drawing.addEventListener("pointerleave", leave);
    drawing.addEventListener("blur", leave);
  }

  // Rows: the window shows one of them, the slider chooses which; without a choice the picture is as it was.
  function sliding(figure, data) {
    var drawing = figure.querySelector(".drawing");
    var picture = drawing.querySelector("img");
    var line = make("p", "rows", figure);
    figure.insertBefore(line, figure.querySelector("figcaption"));
    var label = make("label", "", line);
    label.textContent = "Row by row ";
    var slider = make("input", "", label);
    slider.type = "range";
    slider.min = 0;
    slider.max = data.rows.length;
    slider.value = 0;
    var name = make("output", "", line);
    name.textContent = "all";
    slider.addEventListener("input", function () {
      var row = data.rows[slider.value - 1];
      name.textContent = row ? row.name || "row " + slider.value : "all";
      slider.setAttribute("aria-valuetext", name.textContent);
      figure.classList.toggle("one", Boolean(row));
      if (!row) { drawing.style.height = picture.style.marginTop = ""; return; }
      var scale = picture.clientWidth / data.width;
      drawing.style.height = Math.ceil(row.height * scale) + 8 + "px";
      picture.style.marginTop = 4 - row.top * scale + "px";
    });
  }

  document.querySelectorAll("figure").forEach(function (figure) {
    var drawing = figure.querySelector(".drawing");
    if (!drawing) { return; }
    drawing.addEventListener("click", function (event) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) { return; }
      event.preventDefault();
      enlarge(figure);
    });
    var kept = figure.querySelector("script");
    var data = kept ? JSON.parse(kept.textContent) : {};
    if (data.curves) { readable(figure, data); }
    if (data.rows && data.rows.length > 2) { sliding(figure, data); }
  });
})();
