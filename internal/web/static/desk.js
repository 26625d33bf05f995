// Reading desk: E opens the mending, C goes to the word; the other deeds are buttons with their own key.
document.addEventListener('keydown', e => {
  if (e.ctrlKey || e.metaKey || e.altKey || /INPUT|TEXTAREA|SELECT/.test(e.target.tagName)) return;
  const x = document.querySelector('[data-key="' + e.key.toLowerCase() + '"]');
  if (!x) return;
  e.preventDefault();
  if (x.tagName === 'DETAILS') { x.open = true; x.querySelector('textarea,input:not([type=hidden])').focus(); } else x.focus();
});
