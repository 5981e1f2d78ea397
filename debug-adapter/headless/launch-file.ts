import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { parse, type ParseError, printParseErrorCode } from 'jsonc-parser';
import * as z from 'zod';
import { DEBUG_TYPE } from '../../protocol/debug-type.ts';
import { UserError } from '../errors.ts';
import { didYouMean } from '../near-names.ts';

const fileSchema = z.object({
  configurations: z.array(z.looseObject({ name: z.string(), type: z.string() })),
});

/** A configuration to launch, its variables resolved. */
export interface ChosenConfiguration {
  name: string;
  /** The folder that relative paths start from. */
  folder: string;
  configuration: Record<string, unknown>;
}

/**
 * Reads a launch.json and takes one configuration from it.
 *
 * @param name needed where the file has several of this debugger
 * @throws UserError where the file, the configuration or a variable is not there.
 */
export async function chooseConfiguration(
  file: string,
  name: string | undefined,
): Promise<ChosenConfiguration> {
  const absolute = path.resolve(file);
  const configurations = await readConfigurations(absolute);
  const names = configurations.map((each) => each.name);
  const listed = names.map((each) => `“${each}”`).join(', ');
  if (names.length === 0) throw problem(`${absolute} has no configuration of type "${DEBUG_TYPE}"`);
  if (name === undefined && names.length > 1) {
    throw problem(
      `${absolute} has several configurations: choose one with --configuration. There are ${listed}`,
    );
  }
  const chosen = name === undefined ? configurations[0] : configurations.find((each) => each.name === name);
  if (!chosen) {
    throw problem(
      `${absolute} has no configuration “${name ?? ''}” of type "${DEBUG_TYPE}".${didYouMean(name ?? '', names)} There are ${listed}`,
    );
  }
  const holder = path.dirname(absolute);
  const folder = path.basename(holder) === '.vscode' ? path.dirname(holder) : holder;
  return { name: chosen.name, folder, configuration: resolved(chosen, folder) as Record<string, unknown> };
}

async function readConfigurations(file: string) {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw problem(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const errors: ParseError[] = [];
  const content: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first) {
    const line = text.slice(0, first.offset).split('\n').length;
    throw problem(`${file}:${line} is no JSON: ${printParseErrorCode(first.error)}`);
  }
  const checked = fileSchema.safeParse(content);
  if (!checked.success) {
    throw problem(`${file} is no launch.json: ${z.prettifyError(checked.error).replaceAll('\n', ' ')}`);
  }
  return checked.data.configurations.filter(({ type }) => type === DEBUG_TYPE);
}

/** Replaces the variables that mean something outside of an editor. */
function resolved(value: unknown, folder: string): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([^}]*)\}/g, (_, variable: string) => variableOf(variable, folder));
  }
  if (Array.isArray(value)) return value.map((each) => resolved(each, folder));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each, folder)]));
}

/** @throws UserError for a variable that only an editor knows. */
function variableOf(variable: string, folder: string): string {
  if (variable.startsWith('env:')) return process.env[variable.slice('env:'.length)] ?? '';
  switch (variable) {
    case 'workspaceFolder':
      return folder;
    case 'workspaceFolderBasename':
      return path.basename(folder);
    case 'userHome':
      return homedir();
    case 'cwd':
      return process.cwd();
    case 'pathSeparator':
    case '/':
      return path.sep;
    default:
      throw problem(`the variable \${${variable}} has no meaning here: write what it stands for`);
  }
}

function problem(what: string): UserError {
  return new UserError('bad-configuration', `${what.charAt(0).toUpperCase()}${what.slice(1)}.`);
}
