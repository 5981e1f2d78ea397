import { launchJsonSchema, type JsonSchema } from './launch-schema.ts';

/** The launch configuration as Markdown tables: one for the configuration, one for each object in it. */
export function launchReference(): string {
  const schema = launchJsonSchema();
  const sections = [table(schema)];
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const nested = objectsIn(property);
    if (nested.length > 0)
      sections.push(`### \`${name}\``, ...nested.map(({ path, object }) => part(name, path, object)));
  }
  return sections.join('\n\n');
}

function part(name: string, path: string, object: JsonSchema): string {
  return path === '' ? table(object) : `\`${name}${path}\`:\n\n${table(object)}`;
}

/** The objects with properties of their own inside a property, and how they are reached from it. */
function objectsIn(schema: JsonSchema, path = ''): { path: string; object: JsonSchema }[] {
  const found: { path: string; object: JsonSchema }[] = [];
  if (schema.items) found.push(...objectsIn(schema.items, `${path}[]`));
  if (typeof schema.additionalProperties === 'object')
    found.push(...objectsIn(schema.additionalProperties, `${path}.EXPORT`));
  // What has one property alone is described by its form.
  for (const form of schema.anyOf ?? []) {
    if (Object.keys(form.properties ?? {}).length > 1) found.push(...objectsIn(form, path));
  }
  if (schema.properties) {
    found.push({ path, object: schema });
    for (const [name, property] of Object.entries(schema.properties))
      found.push(...objectsIn(property, `${path}.${name}`));
  }
  return found;
}

function table(schema: JsonSchema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const required = schema.required?.includes(name) === true;
    return [
      `\`${name}\`${required ? ' (required)' : ''}`,
      typeOf(property),
      describe(property),
      defaultOf(property),
    ];
  });
  return [['Name', 'Type', 'Meaning', 'Default'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(', ');
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.type === 'array') return `list of ${plural(schema.items)}`;
  if (schema.type === 'object' && schema.properties)
    return Object.keys(schema.properties).length === 1
      ? `\`{"${Object.keys(schema.properties).join()}": …}\``
      : 'object';
  const { type = 'anything' } = schema;
  return typeof type === 'string' ? type : type.join(' or ');
}

function plural(schema: JsonSchema | undefined): string {
  if (!schema) return 'anything';
  if (schema.anyOf) return schema.anyOf.map(plural).join(' or ');
  return typeof schema.type === 'string' ? `${schema.type}s` : 'anything';
}

/** The property's own description, and those of the forms that it can have. */
function describe(schema: JsonSchema): string {
  const forms = (schema.anyOf ?? [])
    .filter(({ description }) => description !== undefined)
    .map((form) => `${typeOf(form)}: ${form.description ?? ''}`);
  return [schema.description ?? '', ...forms].filter((text) => text !== '').join('<br>');
}

function defaultOf(schema: JsonSchema): string {
  const { default: value } = schema;
  const empty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return value === undefined || empty ? '' : code(value);
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}
