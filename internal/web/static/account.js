// On a desk, « Pourquoi ? » opens beside the figures instead of on a page of its own. Without this every link still works.
(() => {
  'use strict';
  const side = document.querySelector('[data-why]');
  if (!side) return;
  const wide = matchMedia('(min-width: 62rem)');
  const first = side.innerHTML;
  const put = (html, focus) => {
    side.innerHTML = html;
    const title = side.querySelector('h2');
    if (!title || !focus) return;
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    if (side.getBoundingClientRect().top < 0) side.scrollIntoView({ block: 'start' });
  };
  const open = async (href, push) => {
    side.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(href, { credentials: 'same-origin', headers: { 'HX-Request': 'true' } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      put(await answer.text(), true);
      if (push) history.pushState({ why: href }, '', location.href);
    } catch {
      location.href = href; // the page of its own says what is wrong
    }
    side.removeAttribute('aria-busy');
  };
  document.addEventListener('click', (e) => {
    const a = e.target.closest && e.target.closest('a[href]');
    if (!a || !wide.matches || e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey || a.origin !== location.origin) return;
    if (a.pathname.includes('/why/')) {
      e.preventDefault();
      open(a.href, true);
    } else if (side.contains(a) && a.classList.contains('ib')) { // closes the panel
      e.preventDefault();
      put(first, true);
      history.pushState({}, '', location.href);
    }
  });
  addEventListener('popstate', (e) => {
    if (e.state && e.state.why) open(e.state.why, false);
    else put(first, false);
  });
})();
