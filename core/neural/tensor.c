#include "core/neural/tensor.h"

#include <string.h>

#include "core/neural/vector.h"

size_t tensor_size(const Tensor *tensor)
{
    size_t size = 1;
    for (int i = 0; i < tensor->dims; i++) size *= tensor->shape[i];
    return size;
}

size_t tensor_columns(const Tensor *tensor) { return tensor->dims > 0 ? tensor->shape[tensor->dims - 1] : 1; }

size_t tensor_rows(const Tensor *tensor)
{
    size_t rows = 1;
    for (int i = 0; i + 1 < tensor->dims; i++) rows *= tensor->shape[i];
    return rows;
}

Real tensor_claim(Tensor *tensor)
{
    bool written = tensor->written;
    tensor->written = true;
    return written ? 1 : 0;
}

void tensor_accumulate(Tensor *tensor, const Real *gradient)
{
    size_t size = tensor_size(tensor);
    if (tensor_claim(tensor) != 0)
        vector_add(size, gradient, tensor->g);
    else
        memcpy(tensor->g, gradient, size * sizeof *gradient);
}
