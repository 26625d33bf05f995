// The form of a document while it is being written: amounts and preview follow, lines are added without a new page, a
// customer is found as one types, a day is chosen on a calendar. Every button works without it.
(() => {
  'use strict';
  const $ = (s, root = document) => root.querySelector(s);
  const all = (s, root = document) => [...root.querySelectorAll(s)];
  const form = $('[data-preview]');

  // Days: the calendar in front of the field opens the browser's own.
  all('[data-day]').forEach((input) => {
    const icon = $('svg', input.parentElement);
    if (!icon || !HTMLInputElement.prototype.showPicker) return;
    const day = document.createElement('input');
    day.type = 'date';
    day.className = 'day';
    day.tabIndex = -1;
    day.setAttribute('aria-hidden', 'true');
    icon.before(day);
    icon.classList.add('pick');
    icon.addEventListener('click', () => day.showPicker());
    day.addEventListener('change', () => {
      if (!day.value) return;
      input.value = day.value.split('-').reverse().join('/');
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
  });
  if (!form) return;
  all('[data-count]').forEach((b) => { b.hidden = true; });

  // What follows from what is typed: every [data-live] of the answer takes the place of its twin.
  let asked = 0;
  let waiting;
  const live = async () => {
    const mine = ++asked;
    const data = new URLSearchParams(new FormData(form));
    const sheet = $('.prev [data-live=paper]');
    if (sheet && sheet.offsetParent) data.set('paper', '1');
    try {
      const answer = await fetch(form.dataset.preview, { method: 'POST', credentials: 'same-origin', headers: { 'HX-Request': 'true' }, body: data });
      if (!answer.ok || answer.redirected || mine !== asked) return;
      const made = new DOMParser().parseFromString(await answer.text(), 'text/html');
      all('[data-live]', made).forEach((part) => {
        const name = part.dataset.live;
        if (name === 'price') {
          all('.ln .ttc').forEach((p) => { $('label span', p.parentElement).textContent = part.textContent; });
          return;
        }
        all('[data-live="' + name + '"]').forEach((twin) => { if (!twin.contains(document.activeElement)) twin.innerHTML = part.innerHTML; });
      });
    } catch { /* the next key asks again */ }
  };
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(live, 350); };
  form.addEventListener('input', soon);
  form.addEventListener('change', soon);
  const keep = (input) => { input.dispatchEvent(new Event('input', { bubbles: true })); };

  // Lines.
  const lines = $('.lns', form);
  const model = $('#line');
  form.addEventListener('click', (e) => {
    const b = e.target.closest('button');
    if (!b) return;
    if (b.hasAttribute('data-add')) {
      e.preventDefault();
      const n = Math.max(-1, ...all('[data-line]', lines).map((l) => +l.dataset.line)) + 1;
      const box = document.createElement('div');
      box.innerHTML = model.innerHTML.replaceAll('0000', n);
      const last = all('[data-line]', lines).pop();
      const line = box.firstElementChild;
      if (last) {
        ['nature', 'tax'].forEach((f) => { const from = $('[name$=".' + f + '"]', last); const to = $('[name$=".' + f + '"]', line); if (from && to) to.value = from.value; });
        last.after(line);
      } else lines.prepend(line);
      $('textarea', line).focus();
      soon();
    } else if (b.hasAttribute('data-drop')) {
      e.preventDefault();
      const line = b.closest('[data-line]');
      const near = line.nextElementSibling || line.previousElementSibling;
      if (all('[data-line]', lines).length > 1) line.remove(); else all('input, textarea', line).forEach((f) => { f.value = f.name.endsWith('quantity') ? '1' : ''; });
      const f = $('textarea', lines) && (near && $('textarea', near) || $('textarea', lines));
      if (f) { f.focus(); keep(f); }
    } else if (b.dataset.pick) {
      form.elements.customer.value = b.dataset.pick;
      name.value = b.dataset.name;
      box.innerHTML = '';
      name.focus();
      keep(name);
    }
  });

  // The customer, found as one types.
  const name = $('#cn');
  const box = $('#sug');
  if (!name || !box) return;
  name.removeAttribute('list');
  name.setAttribute('aria-controls', 'sug');
  let looked = 0;
  let look;
  name.addEventListener('input', (e) => {
    if (!e.isTrusted) return;
    form.elements.customer.value = '';
    clearTimeout(look);
    look = setTimeout(async () => {
      const mine = ++looked;
      if (name.value.trim().length < 2) { box.innerHTML = ''; return; }
      const answer = await fetch(form.dataset.suggest + '?q=' + encodeURIComponent(name.value.trim()), { credentials: 'same-origin', headers: { 'HX-Request': 'true' } }).catch(() => null);
      if (answer && answer.ok && mine === looked && document.activeElement === name) box.innerHTML = await answer.text();
    }, 180);
  });
  const step = (e) => {
    const choices = all('button', box);
    if (!choices.length) return;
    if (e.key === 'Escape') { box.innerHTML = ''; name.focus(); return; }
    if (e.key !== 'ArrowDown' && e.key !== 'ArrowUp') return;
    e.preventDefault();
    const at = choices.indexOf(document.activeElement) + (e.key === 'ArrowDown' ? 1 : -1);
    (choices[at] || name).focus();
  };
  name.addEventListener('keydown', step);
  box.addEventListener('keydown', step);
  document.addEventListener('click', (e) => { if (!box.contains(e.target) && e.target !== name) box.innerHTML = ''; });
})();
