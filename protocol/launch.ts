import * as z from 'zod';

/**
 * The launch configuration: the one definition that the adapter validates with, that the TypeScript types come from,
 * and that `npm run generate` turns into package.json's `configurationAttributes` and the README's reference.
 */

const bytesLiteral = z.union([
  z.string().describe('Text, sent as UTF-8.'),
  z.strictObject({ json: z.unknown() }).describe('A JSON value, sent as compact JSON text in UTF-8.'),
  z.strictObject({ hex: z.string() }).describe('Bytes as hexadecimal digits; white space is ignored.'),
  z.strictObject({ base64: z.string() }).describe('Bytes as Base64.'),
  z.strictObject({ file: z.string() }).describe('The bytes of a file.'),
  z
    .strictObject({ array: z.array(z.union([z.number(), z.string()])) })
    .describe('Elements of an array that the export takes by its handle; an i64 in quotes.'),
]);
export type ArgumentLiteral = z.infer<typeof bytesLiteral>;

const plannedParam = z.union([
  z.number(),
  z.string().describe('"$size" (the argument\'s byte length), "$callId", or an i64 in decimal digits.'),
]);

export const callSchema = z.strictObject({
  export: z.string().min(1).describe('Name of the export to call.'),
  argument: bytesLiteral.optional().describe('What the guest receives when it asks for its argument.'),
  arguments: z
    .array(bytesLiteral)
    .min(1)
    .optional()
    .describe(
      'In place of "argument": what the guest receives when it asks for the first, the second, … time. Parameters that are ' +
        'named like sizes get their lengths in this order.',
    ),
  callId: z
    .union([z.number().int(), z.string()])
    .optional()
    .describe('The call id; 1, 2, 3, … in order when left out.'),
  params: z
    .array(plannedParam)
    .optional()
    .describe(
      'Parameters of the export, in order; "$size" and "$callId" stand for the call\'s own, "$size2" for the length of its ' +
        'second argument. For exports of "boundary.exports", "$pointer", "$pointer2" and "$out" stand for what the host allocates.',
    ),
  repeat: z
    .number()
    .int()
    .min(1)
    .default(1)
    .describe('How many times to make this call; call ids count up from the first.'),
});

const sizePolicy = z.union([
  z.enum(['param', 'u32le-prefix', 'nul', 'unknown']),
  z.strictObject({ fixed: z.number().int().min(0).describe('Bytes.') }),
]);

const storeRole = z.strictObject({
  import: z.string().describe('The import as module.name.'),
  params: z
    .array(z.string())
    .optional()
    .describe('What each parameter means, in order: "pointer", "size", "callId", or "_" for anything else.'),
});
const returnRole = storeRole.extend({
  size: sizePolicy.optional().describe('How the length of the result is known.'),
  parts: z
    .boolean()
    .optional()
    .describe('The guest may return its result in several parts, each through a call of this import.'),
});

const allocator = z.strictObject({
  allocate: z
    .string()
    .describe('Export that returns the address of new memory, e.g. malloc or cabi_realloc.'),
  params: z
    .array(z.enum(['size', 'align', '_']))
    .optional()
    .describe('What each of its parameters is given, in order: "size", "align" (8), or "_" for 0.'),
  free: z
    .union([z.string(), z.literal(false)])
    .optional()
    .describe(
      "Export that takes the host's memory back after the call, e.g. free; false where the guest does so itself.",
    ),
});

const passedBuffers = z.strictObject({
  params: z
    .array(z.string())
    .optional()
    .describe(
      'What each parameter means, in order: "pointer" and "size" of the argument ("pointer2" and "size2" of the second), ' +
        '"out" for the address at which the guest writes pointer and size of its result, "array" and "array2" for handles of ' +
        '"arrays", or "_" for anything else. An argument without a size ends with a NUL.',
    ),
  result: z
    .strictObject({
      as: z
        .enum(['pointer', 'packed', 'pair', 'out', 'array', 'none'])
        .describe(
          'What the export returns: the result\'s "pointer"; pointer and size "packed" into an i64; the address of a ' +
            '"pair" of both; nothing, as it fills the pair at the "out" parameter; the handle of an "array" of "arrays" (or ' +
            'nothing, as it changes the one that it takes); or "none": it has no result, and none is missing.',
        ),
      size: z
        .union([
          z.enum(['u32le-prefix', 'nul', 'unknown']),
          z.strictObject({ fixed: z.number().int().min(0).describe('Bytes.') }),
        ])
        .optional()
        .describe('How the length behind a "pointer" is known; "unknown" when left out.'),
      order: z
        .enum(['pointer-size', 'size-pointer'])
        .default('pointer-size')
        .describe('Which comes first in a pair; which is in the upper half of a packed i64.'),
      free: z
        .union([z.boolean(), z.string()])
        .optional()
        .describe(
          "Export that takes the result back after it was read; true for the allocator's. cabi_post_NAME when left out and " +
            'exported, else none.',
        ),
    })
    .optional()
    .describe('Where the result lies. Left out, what the export returns is a number.'),
});
export type PassedBuffersInput = z.infer<typeof passedBuffers>;

const handleArray = z.strictObject({
  get: z.string().describe('Export (array, index) → element.'),
  set: z.string().describe('Export (array, index, element).'),
  new: z.string().optional().describe('Export (size) → array: its handle.'),
  size: z.string().optional().describe('Export (array) → number of elements.'),
  free: z.string().optional().describe('Export (array) that gives it back.'),
  element: z
    .enum(['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64', 'f32', 'f64'])
    .optional()
    .describe('Type of the elements; that of the value which "get" returns when left out.'),
});

const protobufDecoder = z
  .strictObject({
    protobuf: z.strictObject({
      files: z
        .array(z.string().min(1))
        .min(1)
        .describe('The .proto files; what they import is found by itself.'),
      message: z.string().min(1).describe('Full name of the message, e.g. demo.Person.'),
    }),
  })
  .describe('A message of Protocol Buffers, declared in .proto files.');
const moduleDecoder = z
  .strictObject({
    module: z
      .string()
      .min(1)
      .describe('Path of an ES module: export default { id, decode(bytes, call) { … } }.'),
  })
  .describe('A decoder of your own, run in a process of its own.');
const kaitaiDecoder = z
  .strictObject({
    kaitai: z.string().min(1).describe('Path of a .ksy file; what it imports is found beside it.'),
  })
  .describe(
    'A format of Kaitai Struct. Its compiler is not part of the extension: npm install --save-dev kaitai-struct-compiler.',
  );
/** A decoder that a configuration describes instead of naming one. */
export type ConfiguredDecoder =
  z.infer<typeof protobufDecoder> | z.infer<typeof moduleDecoder> | z.infer<typeof kaitaiDecoder>;

const decoderChoice = z.union([
  z.string().describe('A decoder by its name: "auto", "utf-8", "json", "cbor", "u16le", "shift_jis", …'),
  protobufDecoder,
  moduleDecoder,
  kaitaiDecoder,
]);

const decoderPair = z.strictObject({
  argument: decoderChoice.optional().describe('Decoder of the argument; "auto" when left out.'),
  result: decoderChoice.optional().describe('Decoder of the result; "auto" when left out.'),
});

export const launchSchema = z.object({
  program: z.string().min(1).describe('Path of the guest: a core WebAssembly module (.wasm).'),
  args: z.array(z.string()).default([]).describe('WASI arguments after the program name.'),
  env: z
    .record(z.string(), z.string())
    .default({})
    .describe('WASI environment: the guest sees these variables and no others.'),
  preopens: z
    .record(z.string(), z.string())
    .default({})
    .describe('Directories that the guest may open: guest path to host path. None by default.'),
  calls: z.array(callSchema).default([]).describe('Exports to call, in order, after _start or _initialize.'),
  boundary: z
    .strictObject({
      storeArgument: storeRole.optional().describe('The import with which the guest asks for its argument.'),
      returnResult: returnRole.optional().describe('The import with which the guest hands back its result.'),
      allocator: z
        .union([allocator, z.literal(false)])
        .optional()
        .describe("The guest's allocator, for exports that are passed pointers; false where there is none."),
      exports: z
        .record(z.string(), passedBuffers)
        .optional()
        .describe('Exports that take their argument, or return their result, as a pointer.'),
      arrays: z
        .union([z.array(handleArray), z.literal(false)])
        .optional()
        .describe(
          'Exports that reach arrays by a handle, element by element: runs of their calls are shown as one buffer; false where ' +
            'each call is to be listed.',
        ),
      snapshots: z
        .boolean()
        .optional()
        .describe(
          'Copy memory whenever a call begins, to find results that were never written (the check result-unchanged). False when ' +
            'left out: each call takes the longer for it, the more memory the guest has.',
        ),
    })
    .default({})
    .describe('Which functions carry buffers, and how. Each entry that is left out is deduced.'),
  decoders: z
    .record(z.string(), decoderPair)
    .default({})
    .describe('Decoders per export, e.g. {"greet": {"argument": "utf-8", "result": "json"}}.'),
  host: z
    .string()
    .optional()
    .describe('An ES module that provides imports: export const imports = { module: { name(…) { … } } }.'),
  unresolvedImports: z
    .enum(['error', 'ask'])
    .default('error')
    .describe(
      'What becomes of imports that neither the boundary nor "host" provides: "error" refuses to launch and shows what to ' +
        'write; "ask" stops at each of their calls and takes the return values, and writes to memory, from you.',
    ),
  stopOnEntry: z.boolean().default(false).describe('Stop before _start or _initialize.'),
  stdin: z.string().optional().describe("A file that is the guest's standard input; empty when left out."),
  kotlin: z
    .boolean()
    .default(true)
    .describe(
      'Lines of Kotlin can be stopped at where the guest has a source map: its functions are rewritten when it is loaded. ' +
        'Without, the guest runs as it is and stops at the boundary alone.',
    ),
  justMyCode: z
    .boolean()
    .default(true)
    .describe(
      "Only the guest's own functions are stopped in and shown. False: the libraries' and the compiler's too, as instructions " +
        'where they have no lines; all of the guest is then slower.',
    ),
  instructions: z
    .boolean()
    .default(false)
    .describe(
      'The guest can be stopped at each instruction, not only where lines begin: for instruction breakpoints and steps in the ' +
        'disassembly. It is some three times slower then.',
    ),
  dataBreakpoints: z
    .boolean()
    .default(false)
    .describe(
      'Accesses to linear memory can be stopped at: “Break on Value Change” of a buffer. All functions of the guest are ' +
        'rewritten for that, which makes it slower.',
    ),
  sourceMapPathOverrides: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'Where Kotlin sources are that the source map names elsewhere: what it says to what is there, with one * in each for the ' +
        'same characters, e.g. {"/ci/build/*": "${workspaceFolder}/*"}.',
    ),
  limits: z
    .strictObject({
      memory: z
        .string()
        .regex(/^\d+(\.\d+)?\s*(B|KiB|MiB|GiB)?$/)
        .default('2GiB')
        .describe("Memory the guest's process may take before it is ended, e.g. 512MiB."),
      stackDepth: z
        .number()
        .int()
        .min(1)
        .default(10000)
        .describe(
          'Kotlin functions that may be nested; one more is a trap. Only functions with Kotlin lines count: without, endless ' +
            'recursion is ended by `memory`.',
        ),
    })
    .prefault({})
    .describe("The runner's limits."),
  wasmedge: z
    .strictObject({
      library: z.string().optional().describe('Path of libwasmedge; found when left out.'),
      version: z
        .enum(['0.14', '0.17'])
        .optional()
        .describe('Version to use where several are there; 0.17 unless WASMEDGE_VERSION says otherwise.'),
    })
    .default({})
    .describe('Which WasmEdge runs the guest.'),
  ledger: z
    .strictObject({
      maxBytes: z
        .string()
        .regex(/^\d+(\.\d+)?\s*(B|KiB|MiB|GiB)?$/)
        .default('512MiB')
        .describe(
          'Payloads that are kept in memory; beyond it the oldest move to a temporary file, from which they are still shown.',
        ),
      save: z
        .string()
        .optional()
        .describe(
          'File to which the ledger is written while the session runs; one that is there is replaced. ' +
            '“kotlin-wasmedge show” prints it.',
        ),
    })
    .prefault({})
    .describe('How the calls of the session are kept.'),
  trace: z.string().optional().describe('File that receives the DAP traffic, for bug reports.'),
});

/** A validated configuration, defaults filled in. */
export type LaunchConfiguration = z.infer<typeof launchSchema>;
/** What a person writes in launch.json. */
export type LaunchInput = z.input<typeof launchSchema>;
export type PlannedCallInput = z.input<typeof callSchema>;
export type ConfiguredCall = LaunchConfiguration['calls'][number];
export type BoundaryConfiguration = LaunchConfiguration['boundary'];

export { DEBUG_TYPE } from './debug-type.ts';
