/** Drawn on a 16 × 16 grid with the text's colour, so that every theme and forced colours work. */
const PATHS = {
  returned: 'M3 8.5l3.2 3.2L13 4.8',
  running: 'M8 3.2a4.8 4.8 0 1 1 0 9.6a4.8 4.8 0 0 1 0-9.6z',
  trapped: 'M4 4l8 8M12 4l-8 8',
  cancelled: 'M3.5 8h9',
  warning: 'M8 2.5l6 10.5H2zM8 6.5v3M8 11v.6',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  memory: 'M3.5 3.5h9v9h-9zM6 1.5v2M10 1.5v2M6 12.5v2M10 12.5v2M1.5 6h2M1.5 10h2M12.5 6h2M12.5 10h2',
  'copy-hex': 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8zM4.8 8.2h1.2v3H4.8zM8.2 8.2v3',
  find: 'M7 2.8a4.2 4.2 0 1 1 0 8.4a4.2 4.2 0 0 1 0-8.4zM10 10l3.5 3.5',
  settings: 'M2.5 4.5h6M11.5 4.5h2M10 3v3M2.5 11.5h2M7.5 11.5h6M6 10v3',
  more: 'M3.2 7.3a.7.7 0 1 1 0 1.4a.7.7 0 0 1 0-1.4zM8 7.3a.7.7 0 1 1 0 1.4a.7.7 0 0 1 0-1.4zM12.8 7.3a.7.7 0 1 1 0 1.4a.7.7 0 0 1 0-1.4z',
  previous: 'M8 13V3M4 7l4-4 4 4',
  next: 'M8 3v10M4 9l4 4 4-4',
  pin: 'M5.5 2.5h5M6.5 2.5v4l-2 3h7l-2-3v-4M8 9.5v4',
  follow: 'M8 2v8M4.5 6.5L8 10l3.5-3.5M3 13.5h10',
  collapsed: 'M6 4l4 4-4 4',
  expanded: 'M4 6l4 4 4-4',
} as const;
export type IconName = keyof typeof PATHS;

const SVG = 'http://www.w3.org/2000/svg';

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', `icon icon-${name}`);
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
