'use strict';
const { report, scale } = require('./report.cjs');
const Ajv = require('ajv');

const address = { type: 'object', required: ['street', 'zip'], properties: { street: { type: 'string', minLength: 2 }, zip: { type: 'string', pattern: '^\\d{5}$' } } };
const schema = (n) => ({
  $id: `order-${n}`,
  type: 'object',
  required: ['id', 'customer', 'lines'],
  additionalProperties: false,
  properties: {
    id: { type: 'integer', minimum: n % 1000 },
    customer: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, address, email: { type: 'string', pattern: '@' } } },
    lines: {
      type: 'array',
      minItems: 1,
      items: {
        oneOf: [
          { type: 'object', required: ['sku', 'count'], properties: { sku: { type: 'string' }, count: { type: 'integer', exclusiveMinimum: 0 } } },
          { type: 'object', required: ['note'], properties: { note: { enum: ['gift', 'fragile', 'none'] } } },
        ],
      },
    },
  },
});
const order = (i) => ({
  id: i,
  customer: { name: `customer ${i % 100}`, address: { street: 'Long Street', zip: String(10_000 + (i % 90_000)) }, email: i % 7 ? 'a@b.example' : 'none' },
  lines: [{ sku: `s${i % 50}`, count: (i % 9) + 1 }, { note: i % 3 ? 'gift' : 'fragile' }, { sku: 'x', count: i % 11 }],
});
const orders = Array.from({ length: 500 }, (_, i) => order(i));
report(() => {
  const ajv = new Ajv({ allErrors: true });
  let valid = 0;
  let errors = 0;
  for (let n = 0; n < Math.max(2, Math.round(60 * scale)); n++) ajv.compile(schema(n));
  const validate = ajv.compile(schema(1000));
  for (let round = 0; round < Math.max(2, Math.round(400 * scale)); round++) {
    for (const item of orders) {
      if (validate(item)) valid += 1;
      else errors += validate.errors.length;
    }
  }
  return { valid, errors };
});
