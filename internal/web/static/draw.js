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

// The price follows what is ticked. Without it a button counts, and nothing is signed at a price that was not on the page.
for (const button of document.querySelectorAll("[data-count]")) {
  const form = button.form, parts = (root) => [...root.querySelectorAll("[data-follows]")];
  let asked = 0;
  form.addEventListener("change", async (e) => {
    if (e.target.type !== "checkbox" && e.target.type !== "radio") return;
    const mine = ++asked, body = new URLSearchParams(new FormData(form));
    body.set("do", "count");
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(location.pathname, { method: "POST", credentials: "same-origin", body });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine !== asked) return;
      const made = parts(page), total = page.querySelector("[name=total]");
      if (!answer.ok || !total || made.length !== parts(document).length) throw new Error("another page");
      parts(document).forEach((part, i) => { part.innerHTML = made[i].innerHTML; });
      form.elements.total.value = total.value;
      button.hidden = true;
    } catch {
      if (mine === asked) button.hidden = false;
    }
    if (mine === asked) form.removeAttribute("aria-busy");
  });
}
