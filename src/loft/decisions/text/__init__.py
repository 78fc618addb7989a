"""Rules as Markdown tables with a short head, for people who keep them in git. ``reader.read_text``, ``writer.write_text``.

The form::

    # Foreldrebetaling i barnehage

    - rule: kindergarten-fee
    - version: 2026-1
    - valid from: 2026-01-01
    - valid to: 2026-07-31
    - source: Forskrift om foreldrebetaling i barnehager § 3, https://lovdata.no/forskrift/2005-12-16-1478
    - title nb: Foreldrebetaling i barnehage
    - title en: Kindergarten fee

    > What stands after such a sign is said to readers: the description of the rule, the fact or the decision above it.

    ## Types

    | type      | is     | allowed         |
    |-----------|--------|-----------------|
    | applicant |        |                 |
    | .age      | number | [0..130]        |
    | .place    | string | "town", "rural" |
    | household | list of applicant | |

    ## Facts

    | fact             | type   | allowed | unit | cost | label nb            |
    |------------------|--------|---------|------|------|---------------------|
    | household income | number | >= 0    | kr   | 5    | husholdningsinntekt |
    | children         | number | [1..20] |      | 1    | barn i barnehage    |

    ### household income

    - question nb: Hva er den samlede inntekten i husholdningen?
    - why nb: Betalingen er høyst seks prosent av inntekten.

    ## Decision: fee

    - label nb: betaling

    | U       | household income | children | → fee  | because nb                     | paragraph |
    |---------|------------------|----------|--------|--------------------------------|-----------|
    | type    | number           |          | number |                                |           |
    | default |                  |          | 3230   |                                |           |
    | 1       | < 400000         | >= 2     | 0      | Lav inntekt og flere barn.     | § 3 a     |
    | 2       | < 400000         | 1        | 1500   | Lav inntekt.                   | § 3 b     |

    ## Decision: fee in words

    ```feel
    if fee = 0 then "free" else "paid"
    ```

    ## Function: share(income: number, rate: number)

    - type: number

    ```feel
    income * rate
    ```

    ## Examples

    | name       | household income | children | → fee |
    |------------|------------------|----------|-------|
    | low income | 312000           | 2        | 0     |

The head and the lines under a heading are ``key: value``, with or without a dash before them. Every text has its language in its key:
``label nb``, ``question nn``, ``because en``. A fact's texts stand as columns or under a heading of its own.

A decision is a table or one FEEL expression. The table's corner is its hit policy (``U A P F R O C C+ C< C> C#``). Then come the input
columns (any expression), the output columns (``→ name`` or ``**name**``; ``→`` alone has no name), and columns of remarks; of these
``because`` with a language, ``description`` and ``id`` are the row's own, all others annotations. The first column numbers the rows or
is empty; before row 1 it may name what stands there: ``type``, ``allowed`` (of an output: in order of priority), ``default``,
``label``, ``label nb``. An empty cell or ``-`` allows anything, ``|`` inside a cell is written ``\\|``.

What a decision requires is found from the names it uses; a line ``requires: a, b`` says it where that would be too much or too little.
A line ``id`` keeps an identity that is not made from the name. The order of sections is free.

Not said in this form: boxed contexts, relations, lists, invocations, conditionals and iterations, decision services, imports, Java and
PMML functions, and the ids of cells and columns.
"""
