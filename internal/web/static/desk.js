// Reading desk: J and K open the next and the last document, E the mending, C the word; the other deeds are buttons with
// their own key.
(() => {
  'use strict';
  const mend = document.getElementById('mend');
  const open = () => { if (mend) { mend.open = true; mend.querySelector('textarea,input:not([type=hidden])').focus(); mend.scrollIntoView({ block: 'start' }); } };
  document.querySelectorAll('a[href="#mend"]').forEach((a) => a.addEventListener('click', (e) => { e.preventDefault(); open(); }));
  document.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || /INPUT|TEXTAREA|SELECT/.test(e.target.tagName)) return;
    const key = e.key.toLowerCase();
    if (key === 'j' || key === 'k') { // before the walk along rows: here a row is a page
      const link = document.querySelector('.dbar [data-k="' + key + '"]');
      e.stopImmediatePropagation();
      if (link) { e.preventDefault(); link.click(); }
    } else if (key === 'e' && mend) {
      e.preventDefault();
      e.stopImmediatePropagation();
      open();
    } else if (key === 'c') {
      const word = document.querySelector('[data-key="c"]');
      if (word) { e.preventDefault(); word.focus(); }
    }
  }, true);
  // What was refused is where one writes next, wherever it stands.
  const bad = document.querySelector('.doc [aria-invalid]');
  if (bad) { bad.scrollIntoView({ block: 'center' }); bad.focus(); }
  // The one in hand is in sight.
  const at = document.querySelector('.ql [aria-current]');
  if (at) at.scrollIntoView({ block: 'nearest' });
})();
