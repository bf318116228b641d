import { OwlError } from '../owl-error.ts'

/** A name that a pickle may mention. `call` is our own function in its place; without it the name is a mere mark. */
export interface PickleGlobal {
  name: string
  call?: (args: PickleValue[]) => PickleValue
}

/** What a pickle may speak of. Nothing outside it is ever looked up, imported or called. */
export interface PickleVocabulary {
  /** By "module.name". */
  globals: ReadonlyMap<string, PickleGlobal>
  /** Resolves an object that lies outside the pickle. */
  persistent(id: PickleValue): PickleValue
}

/** Tuples and lists are arrays, dictionaries are maps; other objects come from the vocabulary. */
export type PickleValue = string | number | boolean | object | null
export type PickleMap = Map<PickleValue, PickleValue>

/** State dictionaries nest three deep; a pickle that nests deeper is no weight file. */
const deepestNesting = 64

/** Opcodes that would construct or call something by other ways than a global's reduction. */
const forbiddenOpcodes: Record<string, string> = {
  ...{ i: 'INST', o: 'OBJ', P: 'PERSID', '\x81': 'NEWOBJ', '\x92': 'NEWOBJ_EX', '\x93': 'STACK_GLOBAL' },
  ...{ '\x82': 'EXT1', '\x83': 'EXT2', '\x84': 'EXT4', '\x97': 'NEXT_BUFFER' },
}

/**
 * Reads a Python pickle of protocol 2, as far as weight files use it. This is an interpreter of data opcodes: memory
 * stays within a small multiple of the pickle's size, and no recursion follows its nesting.
 * @param source the file's name, for errors
 * @throws OwlError `checkpoint-forbidden-pickle`, `checkpoint-unsupported-format`, `checkpoint-damaged`
 */
export function readPickle(bytes: Buffer, source: string, vocabulary: PickleVocabulary): PickleValue {
  return new PickleMachine(bytes, source, vocabulary).run()
}

class PickleMachine {
  readonly #bytes: Buffer
  readonly #source: string
  readonly #vocabulary: PickleVocabulary
  readonly #stack: PickleValue[] = []
  readonly #marks: number[] = []
  readonly #memo = new Map<number, PickleValue>()
  #at = 0

  constructor(bytes: Buffer, source: string, vocabulary: PickleVocabulary) {
    this.#bytes = bytes
    this.#source = source
    this.#vocabulary = vocabulary
  }

  run(): PickleValue {
    for (;;) {
      const opcode = String.fromCharCode(this.#byte())
      if (opcode === '.') break
      this.#step(opcode)
    }
    if (this.#stack.length !== 1 || this.#at !== this.#bytes.length) throw this.#damaged('does not end where it stops')
    return this.#pop()
  }

  #step(opcode: string): void {
    const value = this.#value(opcode)
    if (value !== undefined) this.#stack.push(value)
    else this.#act(opcode)
  }

  /** What an opcode puts on the stack; undefined for those that do something else. */
  #value(opcode: string): PickleValue | undefined {
    switch (opcode) {
      case 'N': // NONE
        return null
      case '\x88': // NEWTRUE
        return true
      case '\x89': // NEWFALSE
        return false
      case 'K': // BININT1
        return this.#byte()
      case 'M': // BININT2
        return this.#take(2).readUInt16LE()
      case 'J': // BININT
        return this.#take(4).readInt32LE()
      case '\x8a': // LONG1
        return this.#long(this.#byte())
      case 'G': // BINFLOAT
        return this.#take(8).readDoubleBE()
      case 'X': // BINUNICODE
        return this.#take(this.#take(4).readUInt32LE()).toString('utf8')
      case ')': // EMPTY_TUPLE
      case ']': // EMPTY_LIST
        return []
      case '}': // EMPTY_DICT
        return new Map()
      case 't': // TUPLE
        return this.#popToMark()
      case '\x85': // TUPLE1
      case '\x86': // TUPLE2
      case '\x87': // TUPLE3
        return this.#popMany(opcode.charCodeAt(0) - 0x84)
      case 'h': // BINGET
        return this.#recall(this.#byte())
      case 'j': // LONG_BINGET
        return this.#recall(this.#take(4).readUInt32LE())
      case 'c': // GLOBAL
        return this.#global(`${this.#line()}.${this.#line()}`)
      case 'Q': // BINPERSID
        return this.#vocabulary.persistent(this.#pop())
      case 'R': // REDUCE
        return this.#reduce()
      default:
        return undefined
    }
  }

  #act(opcode: string): void {
    switch (opcode) {
      case '\x80': // PROTO
        this.#checkProtocol(this.#byte())
        break
      case '(': // MARK
        if (this.#marks.push(this.#stack.length) > deepestNesting) throw this.#damaged('nests too deep')
        break
      case 'a': // APPEND
        this.#append(this.#popMany(1))
        break
      case 'e': // APPENDS
        this.#append(this.#popToMark())
        break
      case 's': // SETITEM
        this.#setItems(this.#popMany(2))
        break
      case 'u': // SETITEMS
        this.#setItems(this.#popToMark())
        break
      case 'q': // BINPUT
        this.#remember(this.#byte())
        break
      case 'r': // LONG_BINPUT
        this.#remember(this.#take(4).readUInt32LE())
        break
      case 'b': // BUILD
        this.#build()
        break
      default:
        throw this.#refused(opcode)
    }
  }

  #checkProtocol(protocol: number): void {
    if (protocol === 2) return
    const message = `${this.#source} is a pickle of protocol ${protocol}; torch.save writes protocol 2.`
    throw new OwlError('checkpoint-unsupported-format', message)
  }

  #global(name: string): PickleGlobal {
    const found = this.#vocabulary.globals.get(name)
    if (!found) throw this.#forbidden(`asks for the Python object ${name}`)
    return found
  }

  #reduce(): PickleValue {
    const [callable, args] = this.#popMany(2) as [PickleValue, PickleValue]
    const global = callable as Partial<PickleGlobal> | null
    if (typeof global?.call !== 'function') throw this.#forbidden('calls something that is not a known function')
    if (!Array.isArray(args)) throw this.#damaged(`calls ${global.name} without arguments`)
    return global.call(args)
  }

  /** Python sets attributes by this. A state dictionary carries version notes there, which nothing here needs. */
  #build(): void {
    this.#pop()
    if (!(this.#stack.at(-1) instanceof Map)) throw this.#forbidden('sets attributes of an object')
  }

  #append(values: PickleValue[]): void {
    const list = this.#stack.at(-1)
    if (!Array.isArray(list)) throw this.#damaged('appends to something that is not a list')
    for (const value of values) list.push(value)
  }

  #setItems(items: PickleValue[]): void {
    const map = this.#stack.at(-1)
    if (!(map instanceof Map) || items.length % 2 !== 0) throw this.#damaged('sets items of something without any')
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i]!
      if (typeof key === 'object') throw this.#damaged('has a dictionary whose key is not a plain value')
      if (map.has(key)) throw this.#damaged(`gives ${JSON.stringify(key)} twice`)
      map.set(key, items[i + 1]!)
    }
  }

  #remember(index: number): void {
    const value = this.#stack.at(-1)
    if (value === undefined) throw this.#damaged('uses a value that is not there')
    this.#memo.set(index, value)
  }

  #recall(index: number): PickleValue {
    const value = this.#memo.get(index)
    if (value === undefined) throw this.#damaged('uses a value that is not there')
    return value
  }

  /** Two's complement, little-endian. */
  #long(length: number): number {
    if (length === 0) return 0
    const bytes = this.#take(length)
    const value = BigInt.asIntN(length * 8, BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`))
    if (!Number.isSafeInteger(Number(value))) throw this.#damaged(`has the number ${value}, too large for a size`)
    return Number(value)
  }

  #pop(): PickleValue {
    return this.#popMany(1)[0]!
  }

  #popMany(count: number): PickleValue[] {
    const lowest = this.#marks.at(-1) ?? 0
    if (this.#stack.length - count < lowest) throw this.#damaged('uses a value that is not there')
    return this.#stack.splice(this.#stack.length - count)
  }

  #popToMark(): PickleValue[] {
    const mark = this.#marks.pop()
    if (mark === undefined) throw this.#damaged('closes something it did not open')
    return this.#stack.splice(mark)
  }

  #byte(): number {
    return this.#take(1)[0]!
  }

  #take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw this.#damaged('is cut off')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  #line(): string {
    const end = this.#bytes.indexOf(10, this.#at)
    if (end < 0) throw this.#damaged('is cut off')
    const line = this.#take(end - this.#at).toString('utf8')
    this.#at++
    return line
  }

  #refused(opcode: string): OwlError {
    const name = forbiddenOpcodes[opcode]
    if (name) return this.#forbidden(`uses the opcode ${name}`)
    const code = opcode.charCodeAt(0).toString(16).padStart(2, '0')
    return this.#damaged(`has the opcode 0x${code}, which weight files do not use`)
  }

  #forbidden(what: string): OwlError {
    return new OwlError('checkpoint-forbidden-pickle', `The pickle of ${this.#source} ${what}.`)
  }

  #damaged(what: string): OwlError {
    return new OwlError('checkpoint-damaged', `The pickle of ${this.#source} ${what} (at byte ${this.#at}).`)
  }
}
