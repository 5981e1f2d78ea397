import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Access, TypeAccess } from './rewriting/access.ts';
import { OffsetMap, type OffsetRuns } from './rewriting/offset-map.ts';
import type { Rewritten, RewritePlan } from './rewriting/plan.ts';

/** A rewritten module in a file, and what is known of it. */
export interface RewrittenFile extends Omit<Rewritten, 'bytes'> {
  /** Absolute path. */
  file: string;
}

/** The facts as they are written. */
type KeptFacts = Omit<RewrittenFile, 'file' | 'offsets' | 'access'> & {
  offsets: OffsetRuns;
  access: (Omit<Access, 'types'> & { types: [number, TypeAccess][] }) | null;
};

/** Modules that are kept: those that were used last. */
const KEPT = 20;

/**
 * Rewritten modules on the disk, by the content that they were made from: the module, the plan and the code that rewrote
 * it. Launching the same guest again then takes no rewriting.
 */
export class RewrittenCache {
  readonly #folder: string;

  /** @param folder absolute path; made when something is kept */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param rewriter the code that rewrites */
  static key(module: Uint8Array, plan: RewritePlan, rewriter: Uint8Array): string {
    return createHash('sha256').update(rewriter).update(JSON.stringify(plan)).update(module).digest('hex');
  }

  /** Null where it is not there, or cannot be read. */
  get(key: string): RewrittenFile | null {
    const file = this.#path(key, 'wasm');
    try {
      const { offsets, access, ...facts } = JSON.parse(
        readFileSync(this.#path(key, 'json'), 'utf8'),
      ) as KeptFacts;
      if (!statSync(file).isFile()) return null;
      const now = new Date();
      utimesSync(file, now, now);
      return {
        ...facts,
        access: access && { ...access, types: new Map(access.types) },
        offsets: OffsetMap.from(offsets),
        file,
      };
    } catch {
      return null;
    }
  }

  /** @throws the file system's error where it cannot be kept */
  put(key: string, { bytes, ...facts }: Rewritten): RewrittenFile {
    const { access } = facts;
    const kept = { ...facts, access: access && { ...access, types: [...access.types] } };
    mkdirSync(this.#folder, { recursive: true });
    const file = this.#path(key, 'wasm');
    this.#write(file, bytes);
    // Last: `get` looks for it first.
    this.#write(this.#path(key, 'json'), JSON.stringify(kept));
    this.#forgetOld();
    return { ...facts, file };
  }

  #path(key: string, extension: string): string {
    return path.join(this.#folder, `${key}.${extension}`);
  }

  /** Another session may write the same: each sees the one or the other, whole. */
  #write(file: string, content: Uint8Array | string): void {
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, content);
    renameSync(unfinished, file);
  }

  #forgetOld(): void {
    const modules = readdirSync(this.#folder)
      .filter((name) => name.endsWith('.wasm'))
      .map((name) => {
        const file = path.join(this.#folder, name);
        return { file, used: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
      })
      .sort((a, b) => b.used - a.used);
    for (const { file } of modules.slice(KEPT)) {
      rmSync(file.replace(/wasm$/, 'json'), { force: true });
      rmSync(file, { force: true });
    }
  }
}
