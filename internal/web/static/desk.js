// Reading desk: one key for each deed, never while someone types.
document.addEventListener('keydown', e => {
  if (e.ctrlKey || e.metaKey || e.altKey || /INPUT|TEXTAREA|SELECT/.test(e.target.tagName)) return;
  const x = document.querySelector('[data-key="' + e.key.toLowerCase() + '"]');
  if (!x) return;
  e.preventDefault();
  if (x.tagName === 'DETAILS') { x.open = true; x.querySelector('textarea,input:not([type=hidden])').focus(); }
  else if (x.tagName === 'TEXTAREA') x.focus();
  else if (e.key.toLowerCase() === 'r' && !document.querySelector('[name=comment]').value) document.querySelector('[name=comment]').focus();
  else x.click();
});
