/* Element by element, and channel by channel. */

KERNEL add(GLOBAL const float *u, GLOBAL const float *v, OUT y, int size) {
  EACH(i, size) y[i] = u[i] + v[i];
}

KERNEL multiply(GLOBAL const float *u, GLOBAL const float *v, OUT y, int size) {
  EACH(i, size) y[i] = u[i] * v[i];
}

/* Zeros, or any other number. */
KERNEL fill(OUT y, int size, float value) {
  EACH(i, size) y[i] = value;
}

KERNEL activation(GLOBAL const float *x, OUT y, int size, int kind, float a, float b) {
  EACH(i, size) y[i] = activate(kind, x[i], a, b);
}

KERNEL activation_backward(GLOBAL const float *dy, IN x, OUT dx, int size, int kind, float a, float b) {
  EACH(i, size) dx[i] = dy[i] * slope(kind, x[i], a, b);
}

/* y is what ReLU gave; guided backpropagation stops negative gradients too. */
KERNEL relu_backward(GLOBAL const float *dy, IN y, OUT dx, int size, int guided) {
  EACH(i, size) {
    float d = dy[i];
    dx[i] = y[i] > 0.0f && !(guided && d < 0.0f) ? d : 0.0f;
  }
}

/* y = f(x * scale[c] + shift[c]). */
KERNEL affine(GLOBAL const float *x, IN scale, IN shift, OUT y, int size, int channels, int plane, int kind, float a,
              float b) {
  EACH(i, size) {
    int c = i / plane % channels;
    y[i] = activate(kind, FMA(x[i], scale[c], shift[c]), a, b);
  }
}

/* dx = dy * scale[c]. */
KERNEL scale(GLOBAL const float *dy, IN factor, OUT dx, int size, int channels, int plane) {
  EACH(i, size) dx[i] = dy[i] * factor[i / plane % channels];
}

/* y = x * gate, a number for each image and channel. */
KERNEL gate(GLOBAL const float *x, IN gates, OUT y, int size, int plane) {
  EACH(i, size) y[i] = x[i] * gates[i / plane];
}

/* Rows of a part go to their place in the rows of the whole. */
KERNEL place(IN part, OUT whole, int size, int partRow, int wholeRow, int offset) {
  EACH(i, size) whole[i / partRow * wholeRow + offset + i % partRow] = part[i];
}

/* The rows of a part come from their place in the rows of the whole. */
KERNEL slice(IN whole, OUT part, int size, int partRow, int wholeRow, int offset) {
  EACH(i, size) part[i] = whole[i / partRow * wholeRow + offset + i % partRow];
}

/* dx = dy * dyFactor[c] + x * xFactor[c] + constant[c], one after the other in factors: a batch norm's gradient. */
KERNEL combine(IN dy, IN x, IN factors, OUT dx, int size, int channels, int plane) {
  EACH(i, size) {
    int c = i / plane % channels;
    dx[i] = FMA(dy[i], factors[c], FMA(x[i], factors[channels + c], factors[2 * channels + c]));
  }
}

/* Matrices of so many rows and columns, each transposed. */
KERNEL transpose(IN from, OUT to, int size, int rows, int columns) {
  EACH(i, size) {
    int matrix = i / (rows * columns);
    int row = i % rows;
    int column = i / rows % columns;
    to[i] = from[(matrix * rows + row) * columns + column];
  }
}
