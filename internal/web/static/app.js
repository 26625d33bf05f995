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
    const form = e.target, by = e.submitter, draft = form.dataset.autosave !== undefined;
    if (form.method !== 'post') return;
    if (form.dataset.sent) { e.preventDefault(); return; }
    if (e.defaultPrevented) return;
    if (draft && !navigator.onLine) { // the browser's own page would take this one's place
      e.preventDefault();
      says(form.dataset.offline || '', 'late');
      return;
    }
    form.dataset.sent = '1';
    form.setAttribute('aria-busy', 'true');
    clearTimeout(form.saving);
    if (!draft || form.saved) {
      form.saved = false;
      drafts().forEach((f) => { // another form of the page, too, decides what becomes of the draft
        clearTimeout(f.saving);
        if (!f.dirty && f !== form) return;
        f.dataset.sent = '1';
        keep(f);
      });
      return;
    }
    e.preventDefault();
    form.saved = await save(form);
    delete form.dataset.sent;
    if (form.saved) { form.requestSubmit(by); return; }
    keep(form);
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

  // Drafts save themselves, a moment after the last key, and at once when the page is left: see autosave.go. What the
  // server does not have yet is also kept on this device, so that a page loaded again, a way back, a dead network, a
  // browser that was closed or a session that ended loses nothing. It is put back only for its author, under the key of
  // its form, which makes it the same document whoever sends it first; it goes when it is saved, when its author signs out,
  // and after a week.
  const drafts = () => all('form[data-autosave]');
  const says = (words, tone) => {
    all('[data-saved]').forEach((p) => { p.textContent = words; p.className = 'saved ' + tone; });
    all('[data-told]').forEach((p) => { p.textContent = tone === 'ok' ? '' : words; }); // where the thumb is
  };
  // What could not be read is told beside its field.
  const mark = (form, fields) => {
    all('.unread', form).forEach((p) => { p.parentElement.classList.remove('bad'); p.remove(); });
    fields.forEach(({ name, text }) => {
      const el = form.elements[name], f = el && el.closest && el.closest('.f');
      if (!f || f.classList.contains('bad')) return;
      for (let d = f.closest('details'); d; d = d.parentElement.closest('details')) d.open = true;
      f.classList.add('bad');
      f.append(Object.assign(document.createElement('p'), { className: 'hint unread', textContent: text, role: 'alert' }));
    });
  };
  const week = 7 * 86400e3;
  const key = (form) => (form.elements.key || {}).value || '';
  const author = (form) => key(form).split('.')[1];
  const words = (form) => [...new FormData(form)].filter(([, v]) => typeof v === 'string');
  const stored = (f) => { try { return f(localStorage); } catch { return null; } };
  const tab = (() => { try { return (sessionStorage.tab ||= Math.random().toString(36).slice(2)); } catch { return ''; } })();
  const kept = () => (stored((s) => Object.keys(s).filter((k) => k.startsWith('draft ')).map((k) => ({ k, ...JSON.parse(s.getItem(k)) }))) || [])
    .sort((a, b) => b.at - a.at);
  const keep = (form, page) => {
    const draft = { author: author(form), at: Date.now(), tab, page: page || location.pathname + location.search, to: form.dataset.autosave || form.action, sent: form.dataset.sent, saved: !form.dirty, fields: words(form), files: form.carried };
    if (!author(form)) return;
    const put = () => { try { localStorage.setItem('draft ' + key(form), JSON.stringify(draft)); return true; } catch { return false; } };
    if (put() || !draft.files) return;
    delete draft.files; // no room for the pictures: the words at least
    put();
  };
  const forget = (name) => stored((s) => s.removeItem(name));
  // Who signs out leaves nothing to who signs in next.
  document.addEventListener('submit', (e) => {
    if (e.target.getAttribute('action') === '/sign-out') kept().forEach((d) => { if (d.author === document.body.dataset.by) forget(d.k); });
  });

  // A photograph of a form that keeps itself is made small enough to travel on a slow network, and is kept with the words.
  const small = async (file) => {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || !window.createImageBitmap) return file;
    try {
      const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
      const by = Math.min(1, 1600 / Math.max(bitmap.width, bitmap.height));
      if (by === 1 && file.size < 400e3) return file;
      const canvas = Object.assign(document.createElement('canvas'), { width: Math.round(bitmap.width * by), height: Math.round(bitmap.height * by) });
      canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.8));
      return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' }) : file;
    } catch { return file; } // the program says what it cannot read
  };
  const base64 = (file) => new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => done('');
    reader.readAsDataURL(file);
  });
  document.addEventListener('change', async (e) => {
    const input = e.target, form = input.form;
    if (input.type !== 'file' || !form || form.dataset.autosave === undefined || !window.DataTransfer) return;
    const chosen = new DataTransfer();
    for (const file of input.files) chosen.items.add(await small(file));
    input.files = chosen.files;
    form.carried = (form.carried || []).filter((f) => f.id !== input.id);
    for (const file of input.files) form.carried.push({ id: input.id, name: file.name, type: file.type, data: await base64(file) });
    carries(form);
    changed(form);
  });
  const carries = (form) => all('[data-carried]', form).forEach((p) => { p.hidden = !(form.carried || []).length; });
  const carry = (form, files) => {
    form.carried = files;
    [...new Set(files.map((f) => f.id))].forEach((id) => {
      const input = document.getElementById(id), back = new DataTransfer();
      files.filter((f) => f.id === id).forEach((f) => {
        const bytes = Uint8Array.from(atob(f.data.split(',')[1] || ''), (c) => c.charCodeAt(0));
        back.items.add(new File([bytes], f.name, { type: f.type }));
      });
      if (input) input.files = back.files;
    });
    carries(form);
  };
  // One saving at a time, one that waits for it; each tells whether the program was reached.
  const saveNow = async (form) => {
    let answer, said;
    form.dirty = false;
    try {
      answer = await fetch(form.dataset.autosave || form.action, {
        method: 'POST', credentials: 'same-origin', headers: { 'X-Autosave': '1', Accept: 'application/json' },
        body: new URLSearchParams(words(form)), keepalive: document.visibilityState === 'hidden',
      });
      said = await answer.json();
    } catch {
      form.dirty = true;
      says(form.dataset.offline || '', 'late');
      return !!answer && answer.status < 500;
    }
    mark(form, said.fields || []);
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
    if (form.dirty || form.dataset.sent || said.more || (form.carried || []).length) keep(form);
    else forget('draft ' + key(form));
    return true;
  };
  const save = (form) => {
    clearTimeout(form.saving);
    form.next ||= Promise.resolve(form.now).then(() => {
      form.next = null;
      return (form.now = saveNow(form));
    });
    return form.next;
  };
  const changed = (form) => {
    if (!form || form.dataset.autosave === undefined) return;
    form.dirty = true;
    keep(form);
    clearTimeout(form.saving);
    form.saving = setTimeout(() => { if (!form.dataset.sent) save(form); }, 1200);
  };
  document.addEventListener('input', (e) => changed(e.target.form));
  const saveDirty = () => drafts().forEach((f) => { if (f.dirty && !f.dataset.sent) save(f); });
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') saveDirty(); });
  addEventListener('pagehide', saveDirty);
  addEventListener('online', saveDirty);
  addEventListener('offline', () => drafts().forEach((f) => says(f.dataset.offline || '', 'late')));

  // What was kept is put back after every script has run. A form that was sent is forgotten by the next page of its tab,
  // unless that page is the way back from one that never came.
  const putBack = () => {
    const nav = (performance.getEntriesByType('navigation')[0] || {}).type, by = document.body.dataset.by;
    const here = location.pathname + location.search, form = drafts()[0];
    if (!by || $('.kept')) return; // on the way back in: nothing is decided yet
    const refused = form && kept().find((d) => d.k === 'draft ' + key(form) && d.author === by && d.sent);
    kept().forEach((d) => {
      const gone = d.sent && (d.tab === tab ? d.page !== here || nav === 'navigate' : Date.now() - d.at > 3600e3);
      if (gone || Date.now() - d.at > week) forget(d.k);
    });
    if (form && form.dataset.unsaved !== undefined) { // what the program could not keep is not forgotten: the page has the words
      if (/\/edit($|\?)/.test(form.getAttribute('action'))) history.replaceState(null, '', form.action);
      if (refused && (refused.files || []).length) carry(form, refused.files); // a browser does not give files back
      form.dirty = true;
      keep(form, form.elements.id ? '' : refused && refused.page);
      return;
    }
    const mine = kept().filter((d) => d.author === by);
    const path = (to) => new URL(to, location.href).pathname;
    const same = (d) => form.elements.id && form.elements.id.value === (d.fields.find(([n]) => n === 'id') || [])[1] && path(d.to) === path(form.action); // in another shape
    const own = form && mine.find((d) => (d.page === here || d.k === 'draft ' + key(form) || same(d)) && d.author === author(form) && (d.tab === tab || !d.sent));
    // A draft that was left before it was saved, or without a network, is saved from wherever one is now.
    mine.forEach((d) => {
      if (d === own || d.sent || d.saved || (d.tab !== tab && Date.now() - d.at < 10e3)) return;
      fetch(d.to, { method: 'POST', credentials: 'same-origin', headers: { 'X-Autosave': '1', Accept: 'application/json' }, body: new URLSearchParams(d.fields) })
        .then((a) => a.json()).then((said) => {
          if (said.saved && !said.more && !(d.files || []).length) forget(d.k);
          else if (said.saved && said.action) stored((s) => s.setItem(d.k, JSON.stringify({ ...d, k: undefined, saved: true, page: said.action, to: said.action, fields: d.fields.map(([n, v]) => [n, n === 'version' ? said.version : v]) })));
        }).catch(() => {});
    });
    if (!own) {
      if (refused && (refused.files || []).length && form.dataset.autosave !== undefined) {
        carry(form, refused.files);
        keep(form);
      }
      return;
    }
    const mute = (fields) => JSON.stringify(fields.filter(([n]) => n !== 'key' && n !== 'version'));
    if (mute(own.fields) === mute(words(form)) && !(own.files || []).length) { forget(own.k); return; }
    const of = (name) => own.fields.filter(([n]) => n === name).map(([, v]) => v);
    form.dispatchEvent(new CustomEvent('restore', { detail: own.fields.map(([n]) => n) }));
    [...form.elements].forEach((el) => {
      if (!el.name || el.type === 'submit' || el.type === 'file' || el.tagName === 'BUTTON' || el.tagName === 'FIELDSET') return;
      if (el.type === 'radio' || el.type === 'checkbox') el.checked = of(el.name).includes(el.value);
      else if (of(el.name).length) [el.value] = of(el.name);
    });
    if ((own.files || []).length) carry(form, own.files);
    all('details', form).forEach((d) => { if (all('input, textarea', d).some((el) => el.type !== 'file' && el.value && el.value !== el.defaultValue)) d.open = true; });
    form.dispatchEvent(new Event('input', { bubbles: true }));
    says(form.dataset.found || '', 'ok');
    form.dirty = true;
    save(form);
  };
  document.addEventListener('DOMContentLoaded', putBack);

  // What was refused is read first; a copied text says so.
  const wrong = $('[data-focus]');
  if (wrong) wrong.focus();
  document.addEventListener('click', (e) => {
    const a = e.target.closest && e.target.closest('.errs a[href^="#"]'), field = a && $(a.getAttribute('href'));
    if (!field) return;
    for (let d = field.closest('details'); d; d = d.parentElement.closest('details')) d.open = true;
    const input = field.matches('input, textarea, select') ? field : $('input:not([type=hidden]), textarea, select', field) || field;
    e.preventDefault();
    input.focus();
  });
  document.addEventListener('click', (e) => {
    const b = e.target.closest && e.target.closest('[data-copy]');
    if (!b || !navigator.clipboard) return;
    e.preventDefault();
    navigator.clipboard.writeText(b.dataset.copy).then(() => { if (b.dataset.copied) b.textContent = b.dataset.copied; });
  });
})();
