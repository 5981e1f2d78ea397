import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import { inspectorHtml } from '../../../extension/calls/html.ts';
import { root } from '../../../scripts/paths.ts';
import themes from './themes.json' with { type: 'json' };

export type Theme = keyof typeof themes;

const BODY_CLASSES: Record<Theme, string> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  'high-contrast': 'vscode-high-contrast',
  'high-contrast-light': 'vscode-high-contrast vscode-high-contrast-light',
};

/** The view's script and style sheet, as scripts/build.ts makes them. */
async function bundle(): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    target: 'chrome130',
    format: 'iife',
    outdir: 'dist',
    entryPoints: { webview: path.join(root, 'webview/webview.ts') },
  });
  return new Map(outputFiles.map((file) => [path.basename(file.path), file.text]));
}

/** A server of this process, which it does not keep alive. */
async function serve(): Promise<string> {
  const files = await bundle();
  const server = createServer((request, response) => {
    const [, theme = '', name = ''] = (request.url ?? '').split('/');
    const text = isTheme(theme) ? contents(files, theme, name) : undefined;
    const type = name.endsWith('.css') ? 'text/css' : name.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': type }).end(text);
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function isTheme(name: string): name is Theme {
  return name in themes;
}

function contents(files: ReadonlyMap<string, string>, theme: Theme, name: string): string | undefined {
  if (name === '')
    return inspectorHtml({
      nonce: 'harness',
      styleSource: "'self'",
      style: 'webview.css',
      script: 'webview.js',
    }).replace('<body>', `<body class="${BODY_CLASSES[theme]}">`);
  const text = files.get(name);
  if (text === undefined || !name.endsWith('.css')) return text;
  const variables = Object.entries(themes[theme]).map(([variable, value]) => `${variable}: ${value};`);
  return `:root { ${variables.join(' ')} }\n${text}`;
}

let origin: Promise<string> | undefined;

/** Address of the inspector's page in a theme, as the extension makes it. */
export async function inspectorPage(theme: Theme): Promise<string> {
  origin ??= serve();
  return `${await origin}/${theme}/`;
}
