// Entry grid: Enter goes to the next field, = balances the line, + copies the field above, a table can be pasted.
(() => {
  const form = document.querySelector('[data-grid]');
  if (!form) return;
  const body = form.querySelector('tbody'), lang = document.documentElement.lang;
  const read = s => { const n = Number(s.replace(/[\s\u00a0\u202f€]/g, '').replace(',', '.').replace('\u2212', '-')); return Number.isFinite(n) ? Math.round(n * 100) : 0; };
  const show = c => (c / 100).toLocaleString(lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const fields = () => [...body.querySelectorAll('input')];
  const col = i => fields().filter(f => f.name.endsWith('].' + i));
  const gap = form.querySelector('[data-gap]'), word = gap.textContent.trim() || '';
  const sums = () => {
    const d = col('debit').reduce((t, f) => t + read(f.value), 0), c = col('credit').reduce((t, f) => t + read(f.value), 0);
    form.querySelector('[data-debit]').textContent = show(d);
    form.querySelector('[data-credit]').textContent = show(c);
    gap.textContent = d === c ? '' : (lang === 'en' ? 'Gap ' : 'Écart ') + show(Math.abs(d - c));
    return d - c;
  };
  const more = () => {
    const last = body.lastElementChild, n = body.children.length, row = last.cloneNode(true);
    row.querySelectorAll('input').forEach(f => { f.name = f.name.replace(/\[\d+\]/, '[' + n + ']'); f.value = ''; f.removeAttribute('aria-invalid'); f.setAttribute('aria-label', f.getAttribute('aria-label').replace(/\d+$/, n + 1)); });
    row.querySelectorAll('.bad').forEach(x => x.remove());
    body.append(row);
  };
  form.addEventListener('input', e => {
    sums();
    if (e.target.closest('tr') === body.lastElementChild && e.target.value) more();
  });
  form.addEventListener('keydown', e => {
    const f = e.target;
    if (f.tagName !== 'INPUT') return;
    const inside = body.contains(f), all = inside ? fields() : [...form.querySelectorAll('input:not([type=hidden]),select')];
    if (e.key === 'Enter' && !e.ctrlKey && !e.metaKey) {
      e.preventDefault();
      const every = [...form.querySelectorAll('input:not([type=hidden]),select')], i = every.indexOf(f);
      if (inside && f.name.endsWith('].section') && !f.value) copy(f);
      (every[i + 1] || f).focus();
    } else if (inside && e.key === '=' && /debit|credit/.test(f.name)) {
      e.preventDefault();
      f.value = '';
      const g = sums();
      const want = f.name.endsWith('debit') ? -g : g;
      if (want > 0) f.value = show(want);
      sums();
    } else if (inside && e.key === '+' && !f.value) {
      e.preventDefault();
      copy(f);
      sums();
    }
  });
  const copy = f => {
    const row = f.closest('tr'), up = row.previousElementSibling, i = [...row.querySelectorAll('input')].indexOf(f);
    if (up) f.value = up.querySelectorAll('input')[i].value;
  };
  body.addEventListener('paste', e => {
    const text = e.clipboardData.getData('text');
    if (!/[\t\n]/.test(text.trim())) return;
    e.preventDefault();
    let row = e.target.closest('tr');
    const start = [...row.querySelectorAll('input')].indexOf(e.target);
    text.replace(/\r/g, '').replace(/\n$/, '').split('\n').forEach(line => {
      if (!row) { more(); row = body.lastElementChild; }
      const cells = row.querySelectorAll('input');
      line.split('\t').forEach((v, i) => { if (cells[start + i]) cells[start + i].value = v.trim(); });
      row = row.nextElementSibling;
    });
    more();
    sums();
  });
  sums();
})();
