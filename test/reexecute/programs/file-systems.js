// What the file system under a folder has free, asked in all three styles and in big numbers.
const fs = require('node:fs');

const free = ({ bavail, bsize, type }) => `${type}: ${bavail} of ${bsize}`;
console.log(free(fs.statfsSync('.')), typeof fs.statfsSync('.', { bigint: true }).bfree);
fs.statfs('/', { bigint: true }, (error, stats) => {
  console.log(error, free(stats), stats.files > 0n);
  if (stats.bavail % 2n === 0n) console.log('an even number of blocks');
  fs.promises.statfs(__dirname).then((own) => {
    const used = own.blocks - own.bfree;
    console.log(free(own), used, Number.isInteger(used));
    return fs.promises.statfs('/no/such/folder').catch(({ code }) => console.log(code));
  });
});
