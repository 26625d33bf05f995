// Entry grid: Enter goes where a hand would go next, = balances the entry, + copies from above, a table can be pasted; a
// name typed in letters becomes its code. Payments: what is still to be shared out, always in sight.
(() => {
  'use strict';
  const lang = document.documentElement.lang;
  // Cents of an amount as typed in either language: the last comma or point before one or two digits is the decimal sign.
  const read = (s) => {
    const [, whole, part = ''] = /^(.*?)(?:[.,](\d{1,2}))?$/.exec(s.replace(/[\s\u00a0\u202f€]/g, '').replace('\u2212', '-'));
    const n = Number((whole || '0').replace(/[.,]/g, '') + '.' + part);
    return Number.isFinite(n) ? Math.round(n * 100) : 0;
  };
  const show = (c) => (c / 100).toLocaleString(lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const fold = (s) => s.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();

  // What of a payment goes to each invoice, beside what was received.
  document.querySelectorAll('[data-parts]').forEach((form) => {
    const rest = form.querySelector('[data-rest]');
    if (!rest) return;
    const parts = [...form.querySelectorAll('input[name^="alloc["]')], keep = form.elements.keep;
    const sum = () => {
      const got = form.dataset.amount ? read(form.dataset.amount) : read(form.elements.amount.value);
      const left = got - parts.reduce((t, f) => t + read(f.value), 0);
      rest.hidden = !got || !parts.some((f) => f.value); // nothing typed: the oldest first
      const word = left === 0 ? rest.dataset.fit : left < 0 ? rest.dataset.over : rest.dataset.under;
      rest.textContent = word;
      rest.classList.toggle('late', left < 0 || left > 0 && !(keep && keep.checked));
      if (left) { const b = document.createElement('b'); b.textContent = show(Math.abs(left)) + '\u00a0€'; rest.append(' ', b); }
    };
    // A double click gives an invoice what it still asks for, as far as the payment goes.
    parts.forEach((f) => f.addEventListener('dblclick', () => {
      const got = form.dataset.amount ? read(form.dataset.amount) : read(form.elements.amount.value);
      const others = parts.reduce((t, x) => t + (x === f ? 0 : read(x.value)), 0);
      f.value = show(Math.max(0, Math.min(read(f.dataset.left), got - others)));
      sum();
    }));
    form.addEventListener('input', sum);
    sum();
  });

  // General ledger: third parties of the account asked for, suggested as one types.
  document.querySelectorAll('form[data-third]').forEach((filter) => {
    const f = filter.elements.third, options = document.getElementById('thirds');
    let wait;
    const suggest = async () => {
      const answer = await fetch(filter.dataset.third + '?account=' + encodeURIComponent(filter.elements.account.value.trim()) + '&q=' + encodeURIComponent(f.value.trim()), { credentials: 'same-origin' });
      if (answer.ok) options.innerHTML = await answer.text();
    };
    const ask = () => { clearTimeout(wait); wait = setTimeout(suggest, f.value ? 150 : 0); };
    f.addEventListener('input', ask);
    f.addEventListener('focus', ask);
  });

  const form = document.querySelector('[data-grid]');
  if (!form) return;
  const body = form.querySelector('tbody'), foot = form.querySelector('[data-bal]'), gap = form.querySelector('[data-gap]');
  const fields = () => [...body.querySelectorAll('input')];
  const of = (row, name) => row.querySelector('input[name$="].' + name + '"]');
  const kind = (f) => f.name.slice(f.name.lastIndexOf('.') + 1);
  const rows = () => [...body.children];
  const options = (id) => [...document.getElementById(id).options];
  const option = (f) => f.value && f.list ? options(f.list.id).find((o) => o.value === f.value.trim()) : undefined;

  // The name of a code stands under it.
  const name = (f) => {
    const small = f.parentElement.querySelector('[data-name]');
    if (!small) return;
    const o = option(f);
    if (o) small.textContent = o.label.replace(o.value, '').trim();
    else if (!f.value || kind(f) !== 'third') small.textContent = '';
  };
  // A code begun, or letters of a name, become the code when only one fits; of a third party the whole name, for the list
  // holds but a part of them.
  const resolve = (f) => {
    const typed = f.value.trim();
    if (!typed || !f.list || option(f)) return name(f);
    const all = options(f.list.id), q = fold(typed);
    const fits = (t) => { const found = all.filter(t); return found.length === 1 ? found[0] : undefined; };
    const third = f.list.id === 'thirds', o = fits((x) => fold(x.value) === q) || third && fits((x) => fold(x.label.replace(x.value, '')).trim() === q) || !third && ( (/^\d+$/.test(q) && fits((x) => /^\d+$/.test(x.value) && Number(x.value) === Number(q)))
      || fits((x) => fold(x.value).startsWith(q)) || fits((x) => fold(x.label.replace(x.value, '')).trim().startsWith(q)) || fits((x) => fold(x.label).includes(q)));
    if (o) f.value = o.value;
    name(f);
  };

  const sums = () => {
    const total = { debit: 0, credit: 0 }, sections = new Map();
    rows().forEach((row) => {
      const d = read(of(row, 'debit').value), c = read(of(row, 'credit').value), s = of(row, 'section').value.trim();
      total.debit += d;
      total.credit += c;
      if (s && (d || c)) sections.set(s, (sections.get(s) || 0) + d - c);
    });
    form.querySelector('[data-debit]').textContent = show(total.debit);
    form.querySelector('[data-credit]').textContent = show(total.credit);
    const d = total.debit - total.credit;
    gap.className = d ? 'gap' : total.debit ? 'even' : '';
    gap.textContent = d ? form.dataset.gapWord + '\u00a0' + show(Math.abs(d)) + '\u00a0€' : total.debit ? form.dataset.even : '';
    // Balanced as a whole and not within its activities: the house adds the lines of liaison.
    const open = [...sections].filter(([, v]) => v);
    foot.textContent = open.length && sections.size > 1 ? form.dataset.link + ' ' + open.map(([s, v]) => s + '\u00a0' + (v > 0 ? '+' : '\u2212') + show(Math.abs(v))).join(' · ') : '';
    return d;
  };
  const renumber = (row, n) => row.querySelectorAll('input').forEach((f) => {
    f.name = f.name.replace(/\[\d+\]/, '[' + n + ']');
    f.id = f.id.replace(/-\d+-/, '-' + n + '-');
    f.value = '';
    f.removeAttribute('aria-invalid');
    f.removeAttribute('title');
    f.setAttribute('aria-label', f.getAttribute('aria-label').replace(/\d+$/, n + 1));
  });
  const more = () => {
    const row = body.lastElementChild.cloneNode(true);
    renumber(row, body.children.length);
    row.querySelectorAll('.bad, button').forEach((x) => x.remove());
    row.querySelectorAll('[data-name]').forEach((x) => { x.textContent = ''; });
    body.append(row);
    return row;
  };
  const copy = (f) => {
    const row = f.closest('tr'), up = row.previousElementSibling;
    if (up) f.value = of(up, kind(f)).value;
    name(f);
  };
  const to = (f) => { f.focus(); f.select(); };
  const next = (row) => to(of(row.nextElementSibling || more(), 'account'));

  // Enter goes the way of the hand: account, activity, label, amount, then what the account asks for, then the next line.
  const enter = (f) => {
    const row = f.closest('tr'), account = option(of(row, 'account')), third = account && account.dataset.third;
    resolve(f);
    switch (kind(f)) {
      case 'account':
        if (!f.value && row.previousElementSibling && sums() === 0) return form.querySelector('[data-send]').focus(); // done: Enter posts it
        return to(of(row, 'section'));
      case 'section':
        if (!f.value) copy(f);
        { const label = of(row, 'label'), up = row.previousElementSibling; if (!label.value) label.value = up && of(up, 'label').value || form.elements.label.value; }
        return to(of(row, 'label'));
      case 'label': return to(of(row, 'debit'));
      case 'debit':
        if (!read(f.value)) return to(of(row, 'credit'));
        // falls through
      case 'credit': return third ? to(of(row, 'third')) : next(row);
      case 'third': return third === 'customer' || third === 'supplier' ? to(of(row, 'due')) : next(row);
      default: return next(row);
    }
  };

  // Third parties are too many to be in the page: those of the account's kind are asked for as one types.
  const list = document.getElementById('thirds');
  const thirds = async (f) => {
    const account = of(f.closest('tr'), 'account').value.trim();
    const answer = await fetch(form.dataset.thirds + '?account=' + encodeURIComponent(account) + '&q=' + encodeURIComponent(f.value), { credentials: 'same-origin' });
    if (answer.ok) { list.innerHTML = await answer.text(); name(f); }
  };
  let asking;
  const ask = (f) => {
    clearTimeout(asking);
    asking = setTimeout(thirds, f.value ? 150 : 0, f);
  };

  form.addEventListener('input', (e) => {
    const f = e.target;
    if (!body.contains(f)) return;
    if (kind(f) === 'third') ask(f);
    name(f);
    sums();
    if (f.value && f.closest('tr') === body.lastElementChild) more();
  });
  form.addEventListener('focusin', (e) => { if (body.contains(e.target) && kind(e.target) === 'third') ask(e.target); });
  form.addEventListener('focusout', (e) => { if (e.target.name && body.contains(e.target)) resolve(e.target); });
  form.addEventListener('keydown', (e) => {
    const f = e.target;
    if (!/INPUT|SELECT/.test(f.tagName) || e.ctrlKey || e.metaKey || e.altKey) return;
    const inside = body.contains(f);
    if (e.key === 'Enter') {
      e.preventDefault();
      if (inside) return enter(f);
      const head = [...form.querySelectorAll('.bookf input, .bookf select')], after = head[head.indexOf(f) + 1];
      // The day of the document is the entry's unless one says otherwise: Enter passes over it.
      if (!after || after.name === 'docDate') to(of(body.firstElementChild, 'account')); else { after.focus(); if (after.select) after.select(); }
    } else if (inside && e.key === '=' && /debit|credit/.test(f.name)) {
      e.preventDefault();
      const row = f.closest('tr'), debit = of(row, 'debit'), credit = of(row, 'credit');
      debit.value = credit.value = '';
      const g = sums(), side = g > 0 ? credit : debit;
      if (g) side.value = show(Math.abs(g));
      to(g ? side : f);
      sums();
    } else if (inside && e.key === '+' && !f.value) {
      e.preventDefault();
      if (kind(f) === 'account') ['account', 'section', 'label', 'third', 'due', 'tax'].forEach((n) => copy(of(f.closest('tr'), n))); else copy(f);
      f.dispatchEvent(new Event('input', { bubbles: true }));
    }
  });
  body.addEventListener('paste', (e) => {
    const text = e.clipboardData.getData('text');
    if (!/[\t\n]/.test(text.trim())) return;
    e.preventDefault();
    let row = e.target.closest('tr');
    const start = [...row.querySelectorAll('input')].indexOf(e.target);
    text.replace(/\r/g, '').replace(/\n$/, '').split('\n').forEach((line) => {
      if (!row) row = more();
      const cells = row.querySelectorAll('input');
      line.split('\t').forEach((v, i) => { if (cells[start + i]) { cells[start + i].value = v.trim(); resolve(cells[start + i]); } });
      row = row.nextElementSibling;
    });
    more();
    sums();
  });
  fields().forEach(name);
  (async () => { for (const f of fields()) if (kind(f) === 'third' && f.value) await thirds(f); })();
  sums();
})();
