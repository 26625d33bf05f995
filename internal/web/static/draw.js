// A signature drawn with a finger or a mouse, kept as the strokes of a path. Without it the typed name and words are enough.
"use strict";
for (const pad of document.querySelectorAll("[data-draw]")) {
  const canvas = pad.querySelector("canvas"), field = pad.closest("form").querySelector("[name=drawn]"), pen = canvas.getContext("2d");
  const most = 19000;
  let path = "", on = false;
  pad.hidden = false;
  pen.lineWidth = 3;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = getComputedStyle(canvas).color;
  const at = (e) => {
    const r = canvas.getBoundingClientRect(), within = (n, max) => Math.min(max, Math.max(0, Math.round(n)));
    return [within(((e.clientX - r.left) * 600) / r.width, 600), within(((e.clientY - r.top) * 200) / r.height, 200)];
  };
  canvas.addEventListener("pointerdown", (e) => {
    on = true;
    canvas.setPointerCapture(e.pointerId);
    const [x, y] = at(e);
    pen.beginPath();
    pen.moveTo(x, y);
    if (path.length < most) path += "M" + x + " " + y;
  });
  canvas.addEventListener("pointermove", (e) => {
    if (!on || path.length >= most) return;
    const [x, y] = at(e);
    pen.lineTo(x, y);
    pen.stroke();
    path += "L" + x + " " + y;
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { on = false; field.value = path; });
  pad.querySelector("[data-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, 600, 200);
    path = field.value = "";
  });
}
