meta:
  id: measurement
  endian: le
seq:
  - id: at_seconds
    type: u4
  - id: value
    type: f4
