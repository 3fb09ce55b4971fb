"use strict";
(async () => {
  const HEIGHT = 20, ACROSS = 16, PIXELS = HEIGHT * ACROSS;
  const at = (id) => document.getElementById(id);
  const status = at("status");
  let lab;
  try {
    const bytes = Uint8Array.from(atob(MODULE), (c) => c.charCodeAt(0));
    const { call } = (await WebAssembly.instantiate(bytes, {})).instance.exports;
    lab = Object.fromEntries(OPERATIONS.map((name, number) => [name, (a = 0, b = 0) => call(number, a, b)]));
  } catch (error) {
    status.textContent = "This browser cannot run the machine: " + error.message;
    return;
  }
  at("form").hidden = at("live").hidden = false;
  const own = [];
  let run = 0;

  // Pictures of 20 × 16 in rows of `columns`; `shade` gives red, green and blue of a pixel.
  function gallery(canvas, count, columns, shade) {
    const rows = Math.max(1, Math.ceil(count / columns));
    canvas.width = columns * (ACROSS + 2);
    canvas.height = rows * (HEIGHT + 2);
    const context = canvas.getContext("2d");
    const image = context.createImageData(canvas.width, canvas.height);
    image.data.fill(255);
    for (let n = 0; n < count; n++) {
      const left = (n % columns) * (ACROSS + 2) + 1, top = Math.floor(n / columns) * (HEIGHT + 2) + 1;
      for (let pixel = 0; pixel < PIXELS; pixel++) {
        const place = (top + Math.floor(pixel / ACROSS)) * canvas.width + left + (pixel % ACROSS);
        image.data.set(shade(n, pixel), 4 * place);
      }
    }
    context.putImageData(image, 0, 0);
  }
  const grey = (ink) => { const value = 255 * (1 - ink); return [value, value, value]; };

  function showFields(hidden) {
    lab.look();
    gallery(at("fields"), Math.min(40, hidden), 10, (unit, pixel) => {
      const w = Math.max(-1, Math.min(1, lab.weight(unit, pixel) / 2)), rest = 1 - Math.abs(w);
      return w < 0 ? [255 * rest, 160 + 95 * rest, 255] : [255, 140 + 115 * rest, 255 * rest];
    });
  }
  function showSamples() {
    lab.dream(12, 200);
    gallery(at("samples"), 12, 6, (chain, pixel) => grey(lab.dreamt(chain, pixel)));
  }
  function showCurve(losses, epochs) {
    const canvas = at("curve"), context = canvas.getContext("2d");
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const left = 56, right = canvas.width - 12, top = 12, bottom = canvas.height - 32;
    const most = Math.max(...losses, 1e-9);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.font = "13px system-ui, sans-serif";
    context.fillStyle = colour("--muted");
    context.strokeStyle = colour("--line");
    context.textAlign = "right";
    for (const share of [0, 0.5, 1]) {
      const y = bottom - share * (bottom - top);
      context.beginPath(); context.moveTo(left, y); context.lineTo(right, y); context.stroke();
      context.fillText((share * most).toFixed(3), left - 8, y + 4);
    }
    context.fillText("epoch " + epochs, right, bottom + 20);
    context.textAlign = "left";
    context.fillText("1", left, bottom + 20);
    context.strokeStyle = colour("--accent");
    context.lineWidth = 2;
    context.beginPath();
    losses.forEach((loss, i) => {
      const x = left + (right - left) * (epochs > 1 ? i / (epochs - 1) : 0);
      context.lineTo(x, bottom - (loss / most) * (bottom - top));
    });
    context.stroke();
    context.lineWidth = 1;
  }
  function showDigest(settings) {
    lab.writeFile();
    let here = "";
    for (let i = 0; i < 64; i++) here += String.fromCharCode(lab.digestDigit(i));
    const same = (one) => ["hidden", "epochs", "seed"].every((key) => one[key] === settings[key]) && one.letters === settings.letters;
    const native = settings.mine ? undefined : NATIVE.find(same);
    at("here").textContent = here;
    at("there").textContent = native ? native.digest : "none with these settings: cargo xtask browser --letters … --hidden … --epochs … --seed … makes one";
    at("same").textContent = native ? (native.digest === here ? "yes" : "no") : "nothing to compare with";
    at("same").className = native ? (native.digest === here ? "yes" : "no") : "";
    at("save").disabled = false;
  }

  async function train() {
    const mine = ++run;
    // Each character once, in the order of the classes: as the native run takes them.
    const named = [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
    const wanted = at("letters").value.toUpperCase();
    const letters = named.filter((name) => wanted.includes(name)).join("");
    const bits = named.reduce((sum, name, i) => sum + (letters.includes(name) ? 2 ** i : 0), 0);
    const settings = { letters, hidden: +at("hidden").value, seed: +at("seed").value, epochs: +at("epochs").value, mine: own.length };
    lab.clearLetters();
    lab.addDrawn(bits);
    for (const letter of own) {
      lab.addBlank();
      letter.forEach((on, pixel) => { if (on) lab.ink(pixel); });
    }
    const count = lab.letters();
    if (count === 0) { status.textContent = "Name a character, 0 to 9 or A to Z, or draw one."; return; }
    gallery(at("data"), Math.min(40, count), 10, (n, pixel) => grey(lab.letter(n, pixel)));
    for (const id of ["here", "there", "same"]) at(id).textContent = "–";
    at("same").className = "";
    at("save").disabled = true;
    lab.begin(settings.seed, settings.hidden);
    const losses = [];
    let spent = 0;
    while (losses.length < settings.epochs) {
      // Epochs for a thirtieth of a second, then a picture: a page that does not answer cannot be stopped.
      const begun = performance.now();
      let loss = 0;
      do { loss = lab.epoch(); if (Number.isFinite(loss)) losses.push(loss); }
      while (Number.isFinite(loss) && losses.length < settings.epochs && performance.now() - begun < 33);
      spent += performance.now() - begun;
      if (!Number.isFinite(loss)) { status.textContent = "The machine diverged in epoch " + (losses.length + 1) + "."; return; }
      showCurve(losses, settings.epochs);
      showFields(settings.hidden);
      status.textContent = count + " letters, epoch " + losses.length + " of " + settings.epochs + ", error " + loss.toFixed(4);
      await new Promise((go) => setTimeout(go, 0));
      if (run !== mine) return;
    }
    showSamples();
    showDigest(settings);
    status.textContent += ", " + (spent / 1000).toFixed(1) + " s of training";
  }
  const guarded = () => train().catch((error) => { status.textContent = "The machine stopped: " + error.message; });

  at("form").addEventListener("submit", (event) => { event.preventDefault(); guarded(); });
  at("epochs").addEventListener("input", () => { at("told").textContent = at("epochs").value; });
  at("save").addEventListener("click", () => {
    const bytes = new Uint8Array(lab.writeFile());
    for (let i = 0; i < bytes.length; i++) bytes[i] = lab.fileByte(i);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes]));
    link.download = "rbm.safetensors";
    link.click();
    URL.revokeObjectURL(link.href);
  });

  const pad = at("pad"), inked = new Uint8Array(PIXELS);
  function showPad() {
    const context = pad.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, pad.width, pad.height);
    inked.forEach((on, pixel) => {
      context.fillStyle = on ? "#111" : "#e8ebef";
      context.fillRect((pixel % ACROSS) * 16 + 0.5, Math.floor(pixel / ACROSS) * 16 + 0.5, 15, 15);
    });
  }
  function draw(event) {
    if (!event.buttons) return;
    const box = pad.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * ACROSS);
    const y = Math.floor(((event.clientY - box.top) / box.height) * HEIGHT);
    for (const [i, j] of [[x, y], [x + 1, y]]) {
      if (i >= 0 && i < ACROSS && j >= 0 && j < HEIGHT) inked[j * ACROSS + i] = 1;
    }
    showPad();
  }
  pad.addEventListener("pointerdown", (event) => { pad.setPointerCapture(event.pointerId); draw(event); });
  pad.addEventListener("pointermove", draw);
  const count = () => { at("mine").textContent = own.length ? own.length + " of yours will be learnt" : "none yet"; };
  at("wipe").addEventListener("click", () => { inked.fill(0); showPad(); });
  at("keep").addEventListener("click", () => { if (inked.some((on) => on)) { own.push(inked.slice()); inked.fill(0); showPad(); count(); } });
  at("forget").addEventListener("click", () => { own.length = 0; count(); });
  showPad();
  if (location.hash === "#autorun") guarded();
})();
