/** Style sheets are bundled into dist/webview.css by esbuild. */
declare module '*.css';
