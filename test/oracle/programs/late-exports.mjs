import * as util from 'node:util';
import net, * as n2 from 'node:net';
const a = util.parseArgs({ args: ['-f'], options: { f: { type: 'boolean', short: 'f' } } });
const t = new util.MIMEType('text/plain');
const l = new net.BlockList();
console.log(a, String(t), typeof n2.BlockList, l.check('1.1.1.1'));
