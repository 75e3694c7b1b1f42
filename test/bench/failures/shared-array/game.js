const { emptyBoard, put } = require('./board.js');

function play(moves) {
  const board = emptyBoard(3);
  moves.forEach(([row, column], i) => put(board, row, column, i % 2 === 0 ? 'x' : 'o'));
  return board.map((row) => row.join('')).join('/');
}

module.exports = { play };
