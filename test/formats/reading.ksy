# What a sensor sends: a header, then measurements.
meta:
  id: reading
  endian: le
  imports:
    - measurement
seq:
  - id: magic
    contents: [0xc0, 0xde]
  - id: sensor_kind
    type: u1
    enum: sensor_kinds
  - id: measurement_count
    type: u1
  - id: measurements
    type: measurement
    repeat: expr
    repeat-expr: measurement_count
  - id: label_size
    type: u1
  - id: label
    type: str
    size: label_size
    encoding: UTF-8
  - id: body
    size: 4
    type: body
  - id: masked
    size: 2
    process: xor(0xff)
    type: masked
instances:
  is_empty:
    value: measurement_count == 0
  first_byte:
    pos: 0
    type: u1
types:
  body:
    seq:
      - id: raw
        size: 4
  masked:
    seq:
      - id: plain
        type: u2
enums:
  sensor_kinds:
    1: thermometer
    2: wind_gauge
