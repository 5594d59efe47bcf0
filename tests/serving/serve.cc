// Runs requests on a SavedModel through TensorFlow's C++ loader, the one that TensorFlow Serving uses.
//
// usage: serve SAVED_MODEL < REQUESTS
//
// A request is a line of words: the signature, the output, the number of inputs, and for each input its name, dtype
// (float, int32, int64), number of axes, their sizes, and the values. The answer is a line: "ok", the number of axes,
// their sizes and the content in hexadecimal, strings one after the other with a blank between; or "error", the code and
// the message.

#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tensorflow/cc/saved_model/loader.h"
#include "tensorflow/core/framework/tensor.h"
#include "tensorflow/core/public/session_options.h"

namespace {

using tensorflow::Tensor;
using tensorflow::TensorShape;

template <typename T>
Tensor ReadValues(std::istream& words, tensorflow::DataType dtype, const TensorShape& shape) {
  Tensor tensor(dtype, shape);
  auto values = tensor.flat<T>();
  for (int64_t i = 0; i < values.size(); ++i) {
    std::string word;  // std::istream does not read "nan".
    words >> word;
    values(i) = static_cast<T>(std::stold(word));
  }
  return tensor;
}

Tensor ReadTensor(std::istream& words) {
  std::string dtype;
  int axes = 0;
  words >> dtype >> axes;
  TensorShape shape;
  for (int axis = 0; axis < axes; ++axis) {
    int64_t size = 0;
    words >> size;
    shape.AddDim(size);
  }
  if (dtype == "float") return ReadValues<float>(words, tensorflow::DT_FLOAT, shape);
  if (dtype == "int32") return ReadValues<int32_t>(words, tensorflow::DT_INT32, shape);
  return ReadValues<int64_t>(words, tensorflow::DT_INT64, shape);
}

void PrintHex(const char* data, size_t size) {
  for (size_t i = 0; i < size; ++i) std::printf("%02x", static_cast<unsigned char>(data[i]));
}

void PrintTensor(const Tensor& tensor) {
  std::printf("ok %d", tensor.dims());
  for (int axis = 0; axis < tensor.dims(); ++axis) std::printf(" %lld", static_cast<long long>(tensor.dim_size(axis)));
  if (tensor.dtype() == tensorflow::DT_STRING) {
    auto strings = tensor.flat<tensorflow::tstring>();
    for (int64_t i = 0; i < strings.size(); ++i) {
      std::printf(" ");
      PrintHex(strings(i).data(), strings(i).size());
    }
  } else {
    std::printf(" ");
    PrintHex(tensor.tensor_data().data(), tensor.tensor_data().size());
  }
  std::printf("\n");
}

void PrintError(int code, std::string message) {
  for (char& c : message) {
    if (c == '\n') c = ' ';
  }
  std::printf("error %d %s\n", code, message.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  tensorflow::SavedModelBundle bundle;
  const auto loaded =
      tensorflow::LoadSavedModel(tensorflow::SessionOptions(), tensorflow::RunOptions(), argv[1], {"serve"}, &bundle);
  if (!loaded.ok()) {
    PrintError(static_cast<int>(loaded.code()), std::string(loaded.message()));
    return 1;
  }
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    std::string signature, output, name;
    int num_inputs = 0;
    words >> signature >> output >> num_inputs;
    const auto& definition = bundle.GetSignatures().at(signature);
    std::vector<std::pair<std::string, Tensor>> inputs;
    for (int i = 0; i < num_inputs; ++i) {
      words >> name;
      inputs.emplace_back(definition.inputs().at(name).name(), ReadTensor(words));
    }
    std::vector<Tensor> results;
    const auto status = bundle.session->Run(inputs, {definition.outputs().at(output).name()}, {}, &results);
    if (status.ok()) {
      PrintTensor(results[0]);
    } else {
      PrintError(static_cast<int>(status.code()), std::string(status.message()));
    }
  }
  return 0;
}
