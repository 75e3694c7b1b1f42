function emptyBoard(size) {
  return Array(size).fill(Array(size).fill('.')); // wrong
}

function put(board, row, column, mark) {
  board[row][column] = mark;
  return board;
}

module.exports = { emptyBoard, put };
