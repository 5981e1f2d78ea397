/** What reading objects needs of the engine; the runner gives it, tests may too. */
export interface GuestAccess {
  /** Calls an export of the guest. */
  call(name: string, ...parameters: number[]): number;
  /** A copy of bytes of the appended memory. */
  read(address: number, size: number): Uint8Array;
  write(address: number, bytes: Uint8Array): void;
  /** The table of handles gets this many elements. */
  makeHandles(size: number): void;
}
