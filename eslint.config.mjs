import path from 'node:path';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Imports go one way (design.md §4): what each folder may not reach. */
function forbid(patterns) {
  return {
    'no-restricted-imports': [
      'error',
      { patterns: patterns.map(([regex, message]) => ({ regex, message })) },
    ],
  };
}
const vscode = ['^vscode$', 'Only the extension knows vscode.'];
const binding = ['^wasmedge-napi$', 'Only the runner loads the binding.'];

export default defineConfig(
  globalIgnores([
    '**/*.d.ts',
    '**/node_modules',
    '**/dist',
    '**/prebuilds',
    '**/build',
    'artifacts',
    'examples/**/build',
  ]),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: path.resolve(import.meta.dirname) },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            {
              from: 'package',
              name: ['test', 'it', 'describe', 'suite', 'before', 'after', 'beforeEach', 'afterEach'],
              package: 'node:test',
            },
          ],
        },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['protocol/**/*.ts'],
    rules: forbid([vscode, binding, ['^\\.\\./', 'protocol knows no other folder.']]),
  },
  {
    files: ['extension/**/*.ts', 'webview/**/*.ts'],
    rules: forbid([
      binding,
      ['/debug-adapter/', 'Reach the adapter through protocol/.'],
      ['/runner/', 'Reach the runner through the adapter.'],
    ]),
  },
  {
    files: ['webview/**/*.ts'],
    rules: {
      // Data from a guest reaches the page as text only.
      'no-restricted-properties': [
        'error',
        ...[
          'innerHTML',
          'outerHTML',
          'insertAdjacentHTML',
          'setHTMLUnsafe',
          'createContextualFragment',
          'srcdoc',
        ].map((property) => ({ property, message: 'Build elements and set textContent.' })),
        { object: 'document', property: 'write', message: 'Build elements and set textContent.' },
        { object: 'document', property: 'writeln', message: 'Build elements and set textContent.' },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'DOMParser', message: 'Build elements and set textContent.' },
      ],
    },
  },
  {
    files: ['debug-adapter/**/*.ts'],
    ignores: ['debug-adapter/runner/**'],
    rules: forbid([vscode, binding]),
  },
  {
    files: ['debug-adapter/runner/**/*.ts'],
    rules: forbid([vscode, ['@vscode/', 'The runner knows no DAP.']]),
  },
);
