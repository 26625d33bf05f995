// What pages do beyond their forms: keys, drafts that save themselves, menus that close. Every page works without it.
(() => {
  'use strict';
  const $ = (s, root = document) => root.querySelector(s);
  const all = (s, root = document) => [...root.querySelectorAll(s)];
  const typing = (el) => el && el.closest && el.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]');

  // Menus: one at a time, closed by Escape or a click beside.
  document.addEventListener('click', (e) => {
    all('details.pop[open]').forEach((d) => { if (!d.contains(e.target)) d.open = false; });
  });
  addEventListener('hashchange', () => all('details.pop[open]').forEach((d) => { d.open = false; }));

  // Keys: "/" searches, Ctrl Enter sends, Escape closes; data-k="v" is a key of its own; J, K and arrows walk rows.
  const rows = () => all('[data-rows] tbody tr, .ql > li, .list[data-rows] > li').filter((r) => $('a[href]', r) && r.offsetParent);
  const walk = (by) => {
    const list = rows();
    if (!list.length) return false;
    const at = list.findIndex((r) => r.contains(document.activeElement));
    const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.max(0, Math.min(list.length - 1, at + by))];
    const link = $('a[href]', next);
    link.focus();
    next.scrollIntoView({ block: 'nearest' });
    return true;
  };
  document.addEventListener('keydown', (e) => {
    if (e.isComposing || e.altKey) return;
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
      const form = (e.target.closest && e.target.closest('form')) || $('form[data-main]');
      if (form) { e.preventDefault(); form.requestSubmit($('[data-send]', form) || undefined); }
      return;
    }
    if (e.ctrlKey || e.metaKey) return;
    if (e.key === 'Escape') {
      all('details.pop[open]').forEach((d) => { d.open = false; $('summary', d).focus(); });
      if (typing(e.target)) e.target.blur();
      return;
    }
    if (typing(e.target)) return;
    if (e.key === '/') {
      const q = $('#q');
      if (q && q.offsetParent) { e.preventDefault(); q.focus(); q.select(); }
    } else if (e.key === 'j' || e.key === 'ArrowDown') {
      if (walk(1)) e.preventDefault();
    } else if (e.key === 'k' || e.key === 'ArrowUp') {
      if (walk(-1)) e.preventDefault();
    } else if (/^[a-z0-9?]$/i.test(e.key)) {
      const b = $('[data-k="' + e.key.toLowerCase() + '"]');
      if (b && b.offsetParent) {
        e.preventDefault();
        if (typing(b)) b.focus(); else b.click();
      }
    }
  });

  // A form is sent once; a page that comes back from the browser's memory may send again. What saves itself is saved
  // first: when the line is cut, the person is told on the page, which keeps what was typed.
  document.addEventListener('submit', async (e) => {
    const form = e.target, by = e.submitter;
    if (form.method !== 'post') return;
    if (form.dataset.sent) { e.preventDefault(); return; }
    if (e.defaultPrevented) return;
    form.dataset.sent = '1';
    form.setAttribute('aria-busy', 'true');
    clearTimeout(form.saving);
    if (form.dataset.autosave === undefined || form.saved) { form.saved = false; return; }
    e.preventDefault();
    form.saved = await save(form);
    delete form.dataset.sent;
    if (form.saved) { form.requestSubmit(by); return; }
    form.removeAttribute('aria-busy');
    $('[data-saved]').scrollIntoView({ block: 'center' });
  });
  const again = () => all('form[data-sent]').forEach((f) => { delete f.dataset.sent; f.removeAttribute('aria-busy'); });
  addEventListener('pageshow', (e) => { if (e.persisted) again(); });
  document.addEventListener('htmx:after:request', again);

  // data-go: a choice that leads somewhere sends its form at once.
  document.addEventListener('change', (e) => {
    const form = e.target.form;
    if (form && form.hasAttribute('data-go')) form.requestSubmit();
  });

  // Drafts save themselves, a moment after the last key: see autosave.go. One saving at a time, one that waits for it;
  // each tells whether the program was reached.
  const says = (words, tone) => all('[data-saved]').forEach((p) => { p.textContent = words; p.className = 'saved ' + tone; });
  const saveNow = async (form) => {
    let answer, said;
    try {
      answer = await fetch(form.dataset.autosave || form.action, {
        method: 'POST', credentials: 'same-origin', headers: { 'X-Autosave': '1', Accept: 'application/json' },
        body: new URLSearchParams(new FormData(form)),
      });
      said = await answer.json();
    } catch {
      says(form.dataset.offline || '', 'late');
      return !!answer && answer.status < 500;
    }
    if (!said.saved) {
      says(said.error, 'wait');
      return true;
    }
    says(said.saved, 'ok');
    if (form.elements.version && said.version !== '0') form.elements.version.value = said.version;
    if (said.action && said.action !== form.dataset.autosave) {
      form.dataset.autosave = said.action;
      form.action = said.action;
      history.replaceState(null, '', said.action);
    }
    return true;
  };
  const save = (form) => {
    form.next ||= Promise.resolve(form.now).then(() => {
      form.next = null;
      return (form.now = saveNow(form));
    });
    return form.next;
  };
  document.addEventListener('input', (e) => {
    const form = e.target.form;
    if (!form || form.dataset.autosave === undefined) return;
    clearTimeout(form.saving);
    form.saving = setTimeout(() => { if (!form.dataset.sent) save(form); }, 1200);
  });

  // What was refused is read first; a copied text says so.
  const wrong = $('[data-focus]');
  if (wrong) wrong.focus();
  document.addEventListener('click', (e) => {
    const b = e.target.closest && e.target.closest('[data-copy]');
    if (!b || !navigator.clipboard) return;
    e.preventDefault();
    navigator.clipboard.writeText(b.dataset.copy).then(() => { if (b.dataset.copied) b.textContent = b.dataset.copied; });
  });
})();
