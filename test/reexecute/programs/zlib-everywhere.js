// Compression by value, by callback, by promise and by stream; results race.
const zlib = require('node:zlib');
const { promisify } = require('node:util');

const text = Array.from({ length: 5000 }, (_, i) => `line ${i} ${i * i}`).join('\n');
for (const [pack, unpack] of [['gzipSync', 'gunzipSync'], ['deflateSync', 'inflateSync'], ['brotliCompressSync', 'brotliDecompressSync'], ['deflateRawSync', 'inflateRawSync']]) {
  const options = pack.startsWith('brotli') ? { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } } : { level: 3 };
  const packed = zlib[pack](text, options);
  console.log(pack, packed.length, zlib[unpack](packed).toString() === text);
}

const order = [];
const sizes = [400_000, 10, 90_000, 2_000];
let open = sizes.length;
for (const size of sizes) {
  zlib.gzip('ab'.repeat(size), (error, packed) => {
    order.push(size);
    zlib.unzip(packed, (failed, bytes) => {
      console.log('unzipped', size, bytes.length);
      if (--open === 0) streams();
    });
  });
}
setTimeout(() => console.log('a timer after', order.length), 1);

async function streams() {
  console.log('order', order);
  const gzip = zlib.createGzip({ chunkSize: 1024 });
  const parts = [];
  gzip.on('data', (part) => parts.push(part));
  gzip.on('end', () => console.log('parts', parts.length, Buffer.concat(parts).length));
  gzip.write(text.slice(0, 1000));
  gzip.flush(() => {
    console.log('flushed', parts.length > 0);
    gzip.end(text.slice(1000));
  });

  const packed = await promisify(zlib.brotliCompress)(text.slice(0, 3000));
  console.log('promise', packed.length, (await promisify(zlib.brotliDecompress)(packed)).length);
  const broken = Buffer.from(zlib.deflateSync(text));
  broken[20] ^= 0xff;
  zlib.inflate(broken, (error) => console.log(error.code, error.errno));
  try {
    zlib.gunzipSync(Buffer.from('not zipped'));
  } catch (error) {
    console.log(error.code);
  }
}
