import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ElementType } from '../protocol/boundary.ts';
import type { ArgumentLiteral, ConfiguredCall } from '../protocol/launch.ts';
import { encodeElements } from './boundary/elements.ts';
import { parseHex } from './boundary/decoders/hex.ts';
import { json, jsonText } from './boundary/decoders/json.ts';
import { utf8 } from './boundary/decoders/text.ts';
import { UserError } from './errors.ts';

/** Bytes of one argument at most: it travels to the runner as Base64 in one message. */
export const MAX_ARGUMENT_BYTES = 256 * 1024 * 1024;

const openLaunch = { kind: 'open-launch-json', title: 'Open launch.json' } as const;

/** Bytes of Base64, standard or URL-safe, padded or not; white space is ignored. */
function parseBase64(text: string): Uint8Array {
  const wrong = /[^A-Za-z0-9+/_=\s-]/u.exec(text) ?? /=(?=\s*[^=\s])/u.exec(text);
  if (wrong) {
    throw new UserError(
      'bad-argument',
      `“${wrong[0]}” at character ${wrong.index} does not belong in Base64 there.`,
    );
  }
  const digits = text.replace(/[\s=]+/g, '');
  const padding = text.replace(/[^=]+/g, '').length;
  if (digits.length % 4 === 1 || (padding > 0 && (digits.length + padding) % 4 !== 0)) {
    throw new UserError(
      'bad-argument',
      `${digits.length} Base64 characters${padding > 0 ? ` with ${padding} of padding` : ''} are not whole bytes: ` +
        'some are missing at the end.',
    );
  }
  return new Uint8Array(Buffer.from(digits, 'base64'));
}

async function readArgumentFile(name: string): Promise<Uint8Array> {
  const file = path.resolve(name);
  const found = await stat(file).catch((thrown: unknown) => {
    const missing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
    throw new UserError(
      'bad-argument',
      missing
        ? `there is no file ${file}. Correct the path.`
        : `${file} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
    );
  });
  if (!found.isFile()) throw new UserError('bad-argument', `${file} is not a file. Name a file.`);
  if (found.size > MAX_ARGUMENT_BYTES) throw tooLarge(found.size, `${file} has`);
  return readFile(file).catch((thrown: unknown) => {
    throw new UserError(
      'bad-argument',
      `${file} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
    );
  });
}

function tooLarge(size: number, what: string): UserError {
  return new UserError(
    'bad-argument',
    `${what} ${size} bytes, and an argument may have ${MAX_ARGUMENT_BYTES} (256 MiB). Send less.`,
  );
}

/** @param element type of an array's elements, where the export takes an array there */
async function bytesOf(literal: ArgumentLiteral, element: ElementType | undefined): Promise<Uint8Array> {
  if (typeof literal === 'string') return utf8.encode(literal);
  if ('json' in literal) return new TextEncoder().encode(jsonText(literal.json));
  if ('hex' in literal) return parseHex(literal.hex);
  if ('base64' in literal) return parseBase64(literal.base64);
  if ('array' in literal) return arrayBytes(literal.array, element);
  return readArgumentFile(literal.file);
}

function arrayBytes(values: readonly (number | string)[], element: ElementType | undefined): Uint8Array {
  // That the export takes no array there is told with the call's other arguments.
  if (element === undefined) return new Uint8Array();
  try {
    return encodeElements(element, values);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new UserError('bad-argument', `${why}. The elements of this array are ${element}.`);
  }
}

/**
 * The bytes of a call's argument.
 *
 * @param where its place in the launch configuration, e.g. `calls[0].argument`.
 * @param decoder the decoder that the configuration names for it: text that is to be JSON is checked to be JSON.
 * @throws UserError `bad-argument` that names the place, and the position in it.
 */
async function argumentBytes(
  literal: ArgumentLiteral,
  where: string,
  decoder: string,
  element: ElementType | undefined,
): Promise<Uint8Array> {
  const form = typeof literal === 'string' ? '' : `.${Object.keys(literal)[0] ?? ''}`;
  let bytes: Uint8Array;
  try {
    bytes = await bytesOf(literal, element);
    if (bytes.length > MAX_ARGUMENT_BYTES) throw tooLarge(bytes.length, 'it has');
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    throw new UserError('bad-argument', `${where}${form}: ${thrown.message}`, openLaunch);
  }
  if (typeof literal === 'string' && decoder === json.id) {
    const { error } = json.decode(bytes);
    if (error !== undefined) {
      throw new UserError(
        'bad-argument',
        `${where} is to be JSON ("decoders" says so). ${error} Correct it; to send it as it is, use {"hex": …} or {"file": …}.`,
        openLaunch,
      );
    }
  }
  return bytes;
}

/**
 * What a call gives the guest when it asks the first, the second, … time, each with its place in the launch configuration,
 * e.g. `calls[0].arguments[1]`; none where it has no argument.
 *
 * @param elements types of the elements of the arrays that the export takes, in order
 * @throws UserError `bad-argument` as `argumentBytes`, `bad-configuration` where both ways to give them are used.
 */
export async function callArguments(
  call: Pick<ConfiguredCall, 'argument' | 'arguments'>,
  where: string,
  decoder: string,
  elements: readonly ElementType[] = [],
): Promise<{ bytes: Uint8Array; place: string }[]> {
  if (call.argument !== undefined && call.arguments !== undefined) {
    throw new UserError(
      'bad-configuration',
      `${where} has both "argument" and "arguments": list all of them in "arguments".`,
      openLaunch,
    );
  }
  const literals = call.arguments ?? (call.argument === undefined ? [] : [call.argument]);
  return Promise.all(
    literals.map(async (literal, i) => {
      const place = call.arguments ? `${where}.arguments[${i}]` : `${where}.argument`;
      return { bytes: await argumentBytes(literal, place, decoder, elements[i]), place };
    }),
  );
}
