'use strict';
// Finds the native binary and gives out its classes. The API: index.d.ts.
const { existsSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');

const binary = 'wasmedge_napi.node';

/**
 * Where the binary lies: what WASMEDGE_NAPI_BINARY names; beside this file, as in a bundle; or in prebuilds/.
 * @returns {string} an absolute path
 */
function findBinary() {
  const named = process.env.WASMEDGE_NAPI_BINARY;
  const target = `${process.platform}-${process.arch}`;
  const places = named
    ? [path.resolve(named)]
    : [path.join(__dirname, binary), path.join(__dirname, 'prebuilds', target, binary)];
  const found = places.find((place) => existsSync(place));
  if (!found) {
    throw new Error(
      `wasmedge-napi has no binary for ${target}: looked for ${places.join(' and ')}. ` +
        'Build one with scripts/build.ts, or name one in WASMEDGE_NAPI_BINARY.',
    );
  }
  return found;
}

class WasmEdgeError extends Error {
  constructor(message, fields) {
    super(message);
    Object.assign(this, fields);
  }
}
class LibraryError extends Error {
  constructor(message, code, libraryPath) {
    super(message);
    this.code = code;
    this.path = libraryPath;
  }
}
class DisposedError extends Error {}
for (const Class of [WasmEdgeError, LibraryError, DisposedError]) {
  Object.defineProperty(Class.prototype, 'name', { value: Class.name, configurable: true, writable: true });
}

// Edges that the garbage collector sees, from an object to what it needs: see Environment::keep.
const kept = new WeakMap();
function keepAlive(holder, value) {
  const values = kept.get(holder);
  if (values) values.push(value);
  else kept.set(holder, [value]);
}

// Not `require(…)`: a bundler would take that for a module to bundle.
const native = createRequire(__filename)(findBinary());
native.start({ WasmEdgeError, LibraryError, DisposedError, keepAlive });

// Taking an object literal apart costs next to nothing here, and a microsecond through Node-API.
const { invoke, invokeBetween, invokeRepeatedly } = native.Recorder.prototype;
delete native.Recorder.prototype.invoke;
delete native.Recorder.prototype.invokeBetween;
delete native.Recorder.prototype.invokeRepeatedly;
native.Recorder.prototype.call = function call(func, params, described) {
  if (!Array.isArray(params)) throw new TypeError('The parameters must be an array.');
  const { index, callId, argument } = described;
  if (!described.entering && !described.returned)
    return invoke.call(this, func, index, callId, argument, ...params);
  const { entering, returned } = described;
  return invokeBetween.call(this, func, index, callId, argument, entering, returned, ...params);
};

native.Recorder.prototype.callRepeatedly = function callRepeatedly(func, params, described, repeated) {
  if (!Array.isArray(params)) throw new TypeError('The parameters must be an array.');
  const { index, callId, argument } = described;
  const { count, callIdParams, words, watched, expected, sequence } = repeated;
  return invokeRepeatedly.call(
    this,
    func,
    index,
    callId,
    argument,
    count,
    callIdParams,
    words,
    watched,
    expected,
    sequence,
    ...params,
  );
};

exports.WasmEdgeError = WasmEdgeError;
exports.LibraryError = LibraryError;
exports.DisposedError = DisposedError;
exports.loadLibrary = native.loadLibrary;
exports.attachEngine = native.attachEngine;
exports.attachMemory = native.attachMemory;
exports.attachRecorder = native.attachRecorder;
exports.Engine = native.Engine;
exports.Module = native.Module;
exports.HostModule = native.HostModule;
exports.Instance = native.Instance;
exports.Func = native.Func;
exports.Memory = native.Memory;
exports.Table = native.Table;
exports.Global = native.Global;
exports.Reference = native.Reference;
exports.Recorder = native.Recorder;
