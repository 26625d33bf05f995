// A document while it is being written: amounts and preview follow, lines come without a new page, a customer is found as
// one types, a day is chosen on a calendar. Every button works without it.
(() => {
  'use strict';
  const $ = (s, root = document) => root.querySelector(s);
  const all = (s, root = document) => [...root.querySelectorAll(s)];
  const ask = (to, body) => fetch(to, { method: body ? 'POST' : 'GET', credentials: 'same-origin', headers: { 'HX-Request': 'true' }, body })
    .then((a) => (a.ok && !a.redirected ? a.text() : '')).catch(() => '');
  const typed = (field) => field.dispatchEvent(new Event('input', { bubbles: true }));

  // The calendar in front of a day opens the browser's own.
  all('[data-day]').forEach((input) => {
    const icon = $('svg', input.parentElement);
    if (!icon || !HTMLInputElement.prototype.showPicker) return;
    const day = Object.assign(document.createElement('input'), { type: 'date', className: 'day', tabIndex: -1, ariaHidden: 'true' });
    icon.before(day);
    icon.classList.add('pick');
    icon.addEventListener('click', () => day.showPicker());
    day.addEventListener('change', () => {
      if (!day.value) return;
      input.value = day.value.split('-').reverse().join('/');
      typed(input);
    });
  });
  const form = $('[data-preview]');
  if (!form) return;
  all('[data-count]').forEach((b) => { b.hidden = true; });

  // Each [data-live] of the answer takes the place of its twin, unless one is typing in it.
  let asked = 0, waiting;
  const live = async () => {
    const mine = ++asked;
    const data = new URLSearchParams([...new FormData(form)].filter(([, v]) => typeof v === 'string'));
    const sheet = $('.prev [data-live=paper]');
    if (sheet && sheet.offsetParent) data.set('paper', '1');
    const made = new DOMParser().parseFromString(await ask(form.dataset.preview, data), 'text/html');
    if (mine !== asked) return;
    const as = (name) => [].concat(data.getAll(name)).pop() === (form.elements[name] || {}).value; // not changed since
    let followed;
    // The choices of a tax follow the nature of the line and the customer.
    all('[data-taxes]', made).forEach((part) => {
      const name = 'lines[' + part.dataset.taxes + '].tax', from = $('select', part), to = form.elements[name];
      if (!from || !to || to === document.activeElement || !as(name) || to.innerHTML === from.innerHTML) return;
      to.innerHTML = from.innerHTML;
      if (data.get(name) !== to.value) followed = to;
    });
    const paidIn = (form.elements.currency || {}).value;
    all('[data-live]', made).forEach((part) => {
      if (part.dataset.live === 'mode') {
        const twin = $('[data-live=mode]', form);
        if (!twin || !as('gross') || twin.contains(document.activeElement)) return;
        twin.innerHTML = part.innerHTML;
        if (!as('gross')) followed = $('input', twin);
      } else if (part.dataset.live === 'price') all('.qpu .ttc').forEach((p) => { $('label span', p.parentElement).textContent = part.textContent; $('.u', p).textContent = part.dataset.sign; });
      else all('[data-live="' + part.dataset.live + '"]').forEach((twin) => { if (!twin.contains(document.activeElement)) twin.innerHTML = part.innerHTML; });
    });
    if ((form.elements.currency || {}).value !== paidIn) followed = form.elements.currency;
    if (followed) typed(followed); // the draft keeps it too
  };
  ['input', 'change'].forEach((e) => form.addEventListener(e, () => { clearTimeout(waiting); waiting = setTimeout(live, 350); }));

  const lines = $('.lns', form), name = $('#cn'), box = $('#sug');
  const rows = () => all('[data-line]', lines);
  const fresh = (n) => {
    const holder = document.createElement('div');
    holder.innerHTML = $('#line').innerHTML.replaceAll('__n__', n).replaceAll('__m__', rows().length + 1);
    return holder.firstElementChild;
  };
  // What the tab kept may have more lines than the page, or fewer: see app.js.
  form.addEventListener('restore', (e) => {
    const kept = [...new Set(e.detail.map((n) => (/^lines\[(\d+)\]/.exec(n) || [])[1]).filter(Boolean))];
    if (!kept.length || !lines) return;
    rows().forEach((l) => { if (!kept.includes(l.dataset.line)) l.remove(); });
    kept.forEach((n) => { if (!rows().some((l) => l.dataset.line === n)) { const last = rows().pop(); if (last) last.after(fresh(n)); else lines.prepend(fresh(n)); } });
  });
  form.addEventListener('click', (e) => {
    const b = e.target.closest('button');
    if (!b) return;
    if (b.hasAttribute('data-add')) {
      e.preventDefault();
      const last = rows().pop(), line = fresh(Math.max(-1, ...rows().map((l) => +l.dataset.line)) + 1);
      ['nature', 'tax'].forEach((f) => {
        const to = $('[name$=".' + f + '"]', line);
        if (to && last) to.value = $('[name$=".' + f + '"]', last).value;
      });
      const price = (l) => $('label span', $('.ttc', l).parentElement);
      if (last) price(line).textContent = price(last).textContent;
      if (last) last.after(line); else lines.prepend(line);
      clearTimeout(waiting);
      live();
      $('textarea', line).focus();
    } else if (b.hasAttribute('data-drop')) {
      e.preventDefault();
      if (rows().length > 1) b.closest('[data-line]').remove();
      const field = $('textarea', lines);
      field.focus();
      typed(field);
    } else if (b.dataset.pick) {
      form.elements.customer.value = b.dataset.pick;
      name.value = b.dataset.name;
      box.innerHTML = '';
      name.focus();
      typed(name);
    }
  });

  // The customer.
  if (!name || !box) return;
  let look;
  name.removeAttribute('list');
  name.setAttribute('aria-controls', 'sug');
  name.addEventListener('input', (e) => {
    if (!e.isTrusted) return;
    form.elements.customer.value = '';
    if (form.elements.buyerNew) form.elements.buyerNew.remove(); // another name is looked for again
    clearTimeout(look);
    look = setTimeout(async () => {
      const q = name.value.trim();
      const found = q.length > 1 ? await ask(form.dataset.suggest + (form.dataset.suggest.includes('?') ? '&q=' : '?q=') + encodeURIComponent(q)) : '';
      if (q === name.value.trim() && document.activeElement === name) box.innerHTML = found;
    }, 180);
  });
  [name, box].forEach((el) => el.addEventListener('keydown', (e) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key], choices = all('button', box);
    if (e.key === 'Escape') box.innerHTML = '';
    if (e.key === 'Escape' || !step || !choices.length) return;
    e.preventDefault();
    (choices[choices.indexOf(document.activeElement) + step] || name).focus();
  }));
  document.addEventListener('click', (e) => { if (!box.contains(e.target) && e.target !== name) box.innerHTML = ''; });
})();
