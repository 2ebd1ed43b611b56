package io.camjar.weights.pickle;

import io.camjar.weights.bytes.Malformed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Interprets pickles of protocols 0 to 5 as data.
 *
 * <p>The only things that a pickle can bring into being are the values of this package, what the
 * allow-list of {@link Constructors} makes, and what the {@link PersistentLoader} answers. A call
 * of anything else becomes an inert {@link PyObject}. The extension registry and out-of-band
 * buffers are refused. Values may refer back to themselves: whoever walks them must expect that.
 */
public final class PickleMachine {
  private static final int MAX_PROTOCOL = 5;

  private final Constructors constructors;
  private final PersistentLoader persistent;
  private final PickleLimits limits;
  private final Scalars scalars;

  /** Creates a machine; the limits may be shared with others that read the same file. */
  public PickleMachine(
      Constructors constructors, PersistentLoader persistent, PickleLimits limits) {
    this.constructors = constructors;
    this.persistent = persistent;
    this.limits = limits;
    this.scalars = new Scalars(limits);
  }

  /**
   * Reads one pickle and leaves the cursor behind its STOP.
   *
   * @throws Malformed if it is not a pickle, is cut short, or exceeds a limit
   */
  public Object load(PickleCursor in) {
    PickleStack stack = new PickleStack();
    while (true) {
      limits.opcode();
      int opcode = in.u8();
      if (opcode == Opcode.STOP) {
        return stack.pop();
      }
      Object scalar = scalars.read(opcode, in);
      if (scalar != null) {
        push(stack, scalar);
      } else {
        execute(opcode, in, stack);
      }
    }
  }

  private void execute(int opcode, PickleCursor in, PickleStack stack) {
    switch (opcode) {
      case Opcode.PROTO -> checkProtocol(in.u8());
      case Opcode.FRAME -> in.length64();
      case Opcode.MARK -> stack.mark();
      case Opcode.POP -> stack.drop();
      case Opcode.POP_MARK -> stack.popToMark();
      case Opcode.DUP -> stack.push(stack.top());
      case Opcode.EMPTY_TUPLE -> stack.push(PyTuple.EMPTY);
      case Opcode.TUPLE1 -> push(stack, new PyTuple(stack.pop(1)));
      case Opcode.TUPLE2 -> push(stack, new PyTuple(stack.pop(2)));
      case Opcode.TUPLE3 -> push(stack, new PyTuple(stack.pop(3)));
      case Opcode.TUPLE -> push(stack, new PyTuple(stack.popToMark()));
      case Opcode.EMPTY_LIST, Opcode.EMPTY_SET -> push(stack, new PyList());
      case Opcode.LIST, Opcode.FROZENSET -> push(stack, listOf(stack.popToMark()));
      case Opcode.EMPTY_DICT -> push(stack, new PyDict());
      case Opcode.DICT -> {
        PyDict dict = new PyDict();
        setItems(dict, stack.popToMark());
        push(stack, dict);
      }
      case Opcode.APPEND -> {
        Object item = stack.pop();
        elements(stack.top()).add(item);
      }
      case Opcode.APPENDS, Opcode.ADDITEMS -> {
        List<Object> items = stack.popToMark();
        elements(stack.top()).addAll(items);
      }
      case Opcode.SETITEM -> {
        List<Object> pair = stack.pop(2);
        setItems(stack.top(), pair);
      }
      case Opcode.SETITEMS -> {
        List<Object> pairs = stack.popToMark();
        setItems(stack.top(), pairs);
      }
      case Opcode.GET -> stack.recall(index(in.line()));
      case Opcode.BINGET -> stack.recall(in.u8());
      case Opcode.LONG_BINGET -> stack.recall(in.u32());
      case Opcode.PUT -> stack.memoize(index(in.line()));
      case Opcode.BINPUT -> stack.memoize(in.u8());
      case Opcode.LONG_BINPUT -> stack.memoize(in.u32());
      case Opcode.MEMOIZE -> stack.memoize();
      case Opcode.PERSID -> push(stack, persistent.load(in.line()));
      case Opcode.BINPERSID -> push(stack, persistent.load(stack.pop()));
      default -> construct(opcode, in, stack);
    }
  }

  /** The opcodes that name classes and make objects of them. */
  private void construct(int opcode, PickleCursor in, PickleStack stack) {
    switch (opcode) {
      case Opcode.GLOBAL -> push(stack, new PyGlobal(in.line(), in.line()));
      case Opcode.STACK_GLOBAL -> {
        List<Object> names = stack.pop(2);
        if (!(names.get(0) instanceof String module) || !(names.get(1) instanceof String name)) {
          throw Malformed.damaged("its pickle names a class by something that is not text");
        }
        push(stack, new PyGlobal(module, name));
      }
      case Opcode.REDUCE, Opcode.NEWOBJ -> {
        List<Object> call = stack.pop(2);
        push(stack, constructors.call(call.get(0), tuple(call.get(1)), limits));
      }
      case Opcode.NEWOBJ_EX -> {
        List<Object> call = stack.pop(3);
        push(stack, constructors.call(call.get(0), tuple(call.get(1)), limits));
      }
      case Opcode.INST -> {
        PyGlobal type = new PyGlobal(in.line(), in.line());
        push(stack, constructors.call(type, new PyTuple(stack.popToMark()), limits));
      }
      case Opcode.OBJ -> {
        List<Object> call = stack.popToMark();
        if (call.isEmpty()) {
          throw Malformed.damaged("its pickle makes an object of no class");
        }
        PyTuple arguments = new PyTuple(List.copyOf(call.subList(1, call.size())));
        push(stack, constructors.call(call.get(0), arguments, limits));
      }
      case Opcode.BUILD -> {
        Object state = stack.pop();
        if (stack.top() instanceof PyStateful stateful) {
          stateful.setState(state);
        }
      }
      case Opcode.EXT1, Opcode.EXT2, Opcode.EXT4 ->
          throw refused("uses Python's extension registry");
      case Opcode.NEXT_BUFFER, Opcode.READONLY_BUFFER ->
          throw refused("keeps its data in buffers outside the file");
      default ->
          throw Malformed.damaged(
              String.format("its pickle has the unknown instruction 0x%02x", opcode));
    }
  }

  private void push(PickleStack stack, Object value) {
    limits.object();
    stack.push(value);
  }

  private static void checkProtocol(int protocol) {
    if (protocol > MAX_PROTOCOL) {
      throw new Malformed(
          "has a pickle of protocol " + protocol + ", newer than " + MAX_PROTOCOL,
          "save it with pickle_protocol=2");
    }
  }

  private static Malformed refused(String what) {
    return new Malformed(
        "has a pickle that " + what + ", which no checkpoint needs",
        "use the file only if you trust its maker, and save only the model's state_dict");
  }

  private static long index(String line) {
    try {
      return Long.parseLong(line);
    } catch (NumberFormatException e) {
      throw Malformed.damaged("its pickle has a malformed memo index");
    }
  }

  private static PyTuple tuple(@Nullable Object arguments) {
    if (arguments instanceof PyTuple tuple) {
      return tuple;
    }
    throw Malformed.damaged("its pickle calls something with arguments that are not a tuple");
  }

  private static PyList listOf(List<Object> items) {
    PyList list = new PyList();
    list.items().addAll(items);
    return list;
  }

  private static List<Object> elements(Object target) {
    if (target instanceof PyList list) {
      return list.items();
    }
    if (target instanceof PyObject object) {
      return object.elements().items();
    }
    throw Malformed.damaged("its pickle appends to something that is not a list");
  }

  private static void setItems(Object target, List<Object> pairs) {
    if (pairs.size() % 2 != 0) {
      throw Malformed.damaged("its pickle sets a key without a value");
    }
    PyDict dict;
    if (target instanceof PyDict itself) {
      dict = itself;
    } else if (target instanceof PyObject object) {
      dict = object.items();
    } else {
      throw Malformed.damaged("its pickle sets a key of something that is not a dict");
    }
    for (int i = 0; i < pairs.size(); i += 2) {
      dict.put(pairs.get(i), pairs.get(i + 1));
    }
  }
}
