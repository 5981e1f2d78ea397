import { createHash, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';

/** The password of every Java trust store that is not secret. */
const PASSWORD = 'changeit';

/**
 * A trust store for Java (JKS) with the authorities that Node trusts, the system's, and those that NODE_EXTRA_CA_CERTS
 * and SSL_CERT_FILE name: Java cannot read PEM files.
 */
export async function trustStore(): Promise<Buffer> {
  const files = [
    '/etc/ssl/certs/ca-certificates.crt',
    process.env.NODE_EXTRA_CA_CERTS,
    process.env.SSL_CERT_FILE,
  ];
  const certificates = new Map<string, Buffer>();
  for (const pem of [...rootCertificates, ...(await pemBlocks(files))]) {
    const { fingerprint256, raw } = new X509Certificate(pem);
    certificates.set(fingerprint256, raw);
  }
  return javaKeyStore([...certificates.values()]);
}

async function pemBlocks(files: (string | undefined)[]): Promise<string[]> {
  const blocks: string[] = [];
  for (const file of files) {
    if (!file) continue;
    const text = await readFile(file, 'utf8').catch(() => '');
    blocks.push(...(text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []));
  }
  return blocks;
}

/**
 * The JKS format as the JDK writes it (sun.security.provider.JavaKeyStore): big-endian; a header, trusted certificates
 * (tag 2: alias, date, type, DER), and a SHA-1 over password, a fixed phrase and all of that.
 */
function javaKeyStore(certificates: Buffer[]): Buffer {
  const parts = [u32(0xfeedfeed), u32(2), u32(certificates.length)];
  certificates.forEach((certificate, index) => {
    parts.push(
      u32(2),
      text(`ca${index}`),
      Buffer.alloc(8),
      text('X.509'),
      u32(certificate.length),
      certificate,
    );
  });
  const store = Buffer.concat(parts);
  const password = Buffer.from(PASSWORD, 'utf16le').swap16();
  const digest = createHash('sha1').update(password).update('Mighty Aphrodite').update(store).digest();
  return Buffer.concat([store, digest]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A Java `writeUTF` string; ASCII only here. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
