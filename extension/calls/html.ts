export interface InspectorPage {
  /** Of this page only. */
  nonce: string;
  /** Where style sheets may come from, as a CSP source. */
  styleSource: string;
  /** URIs. */
  style: string;
  script: string;
}

/** The page of the call inspector: an empty body, one script, one style sheet, and nothing else may be loaded or run. */
export function inspectorHtml({ nonce, styleSource, style, script }: InspectorPage): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${styleSource}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>Boundary Calls</title>
</head>
<body>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
