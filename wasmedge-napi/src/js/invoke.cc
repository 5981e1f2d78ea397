#include "js/invoke.h"

namespace wasmedge::js {

Invocation::Invocation(Environment &environment, const ExportedFunction &function, const napi_value *params,
                       size_t count)
    : environment_(environment),
      function_(function),
      engine_(function.owner->engine()),
      natives_(function.owner->natives()),
      params_(function.signature.params.size()),
      results_(function.signature.results.size()) {
  const auto &types = function.signature.params;
  if (count != types.size()) {
    throw TypeFailure(function.name + " takes " + std::to_string(types.size()) +
                      (types.size() == 1 ? " parameter" : " parameters") + ", not " + std::to_string(count) + ".");
  }
  for (size_t i = 0; i < count; ++i) {
    params_.data()[i] = fromJavaScript(environment, *engine_, types[i], params[i], [&] {
      return "Parameter " + std::to_string(i + 1) + " of " + function.name;
    });
  }
}

void Invocation::setParam(uint32_t at, int64_t integer) {
  const ValueType &type = function_.signature.params[at];
  params_.data()[at] =
      type.kind == ValueKind::I64 ? makeValue(type, integer) : makeValue(type, static_cast<uint32_t>(integer));
}

WasmEdge_Result Invocation::run(Execution &execution) {
  return execution.invoke(function_.context, params_.data(), params_.count(), results_.data(), results_.count());
}

Napi::Value Invocation::finish(Execution &execution, WasmEdge_Result result) {
  engine_->revalidateViews();
  if (execution.hostThrew) throw PendingException();
  execution.check(result, "execute");
  return resultsToJavaScript(environment_, *engine_, function_.signature.results, results_.data());
}

Napi::Value resultsToJavaScript(Environment &environment, Engine &engine, const std::vector<ValueType> &types,
                                const WasmEdge_Value *values) {
  const napi_env env = environment.env;
  napi_value array = nullptr;
  NAPI_THROW_IF_FAILED(env, napi_create_array_with_length(env, types.size(), &array), Napi::Value());
  for (uint32_t i = 0; i < types.size(); ++i) {
    NAPI_THROW_IF_FAILED(
        env, napi_set_element(env, array, i, toJavaScript(environment, engine, types[i].kind, values[i])),
        Napi::Value());
  }
  return Napi::Value(env, array);
}

}  // namespace wasmedge::js
