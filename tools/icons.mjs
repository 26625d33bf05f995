// Rebuilds internal/web/static/icons.svg from the npm package @tabler/icons, keeping the icons that the sprite already
// has and adding those named on the command line:
//
//	npm install --no-save @tabler/icons@3.51.0 && node tools/icons.mjs receipt-tax calendar-plus
//
// One sprite, cached by its checksum, is lighter than an icon font and needs no script. The program never runs this.
import fs from 'node:fs';

const pack = 'node_modules/@tabler/icons';
const sprite = 'internal/web/static/icons.svg';
const { version } = JSON.parse(fs.readFileSync(`${pack}/package.json`, 'utf8'));
const kept = [...fs.readFileSync(sprite, 'utf8').matchAll(/<symbol id="i-([a-z0-9-]+)"/g)].map((m) => m[1]);
const names = [...new Set([...kept, ...process.argv.slice(2)])].sort();

const symbols = names.map((name) => {
  const svg = fs.readFileSync(`${pack}/icons/outline/${name}.svg`, 'utf8');
  const body = svg.replace(/<!--[\s\S]*?-->/g, '').replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '');
  const shapes = body.trim().split(/\n\s*/).filter((line) => !line.includes('stroke="none"')); // the invisible frame
  return `<symbol id="i-${name}" viewBox="0 0 24 24">${shapes.join('').replace(/ \/>/g, '/>')}</symbol>\n`;
});
fs.writeFileSync(sprite, `<svg xmlns="http://www.w3.org/2000/svg">
<!-- Tabler Icons ${version} (outline), MIT, copyright (c) 2020-2026 Paweł Kuna; see LICENCES.md. Stroke, width and size come from app.css (.i). -->
${symbols.join('')}</svg>
`);
