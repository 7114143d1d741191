#!/usr/bin/env python3
"""The lesson's data without the SageMaker SDK, for the AWS CLI; needs NumPy.

python mnist_records.py prepare mnist.pkl.gz FOLDER    writes recordio-pb-data, digits.csv and labels.txt
python mnist_records.py compare labels.txt answer.json says how many were told right; ends with 1 below 95 %
"""

import argparse
import gzip
import json
import pickle
import struct
import sys
import warnings
from pathlib import Path

import numpy as np

MAGIC = 0xCED7230A
ASKED = 100
WANTED = 0.95


def varint(number):
    """A number, 7 bits a byte, the lowest first. Source: Protocol Buffers, "Encoding"."""
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + varint(rest) if rest else bytes([low])


def field(number, content):
    """A field that has a length: text, a message, or packed numbers."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def tensor(values):
    """One entry `values` of a record's map: Value { float32_tensor = 2 { values = 1 } }."""
    packed = np.ascontiguousarray(values, dtype="<f4").tobytes()
    return field(1, b"values") + field(2, field(2, field(1, packed)))


def record(features, label):
    """One record in its RecordIO frame: magic number, length, content, padded to a multiple of four bytes.

    Source: Amazon's record.proto: Record { features = 1, label = 2 }, and MXNet's RecordIO.
    """
    content = field(1, tensor(features)) + field(2, tensor([label]))
    return struct.pack("<II", MAGIC, len(content)) + content + b"\0" * (-len(content) % 4)


def read_digits(file):
    """MNIST as its pickle has it: three pairs of images (n rows of 784 pixels, 0 to 1) and digits (0 to 9)."""
    with gzip.open(file) as packed, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy has changed since this file was written, and says so
        return pickle.load(packed, encoding="latin1")  # noqa: S301 - Amazon's own file


def prepare(source, folder):
    """Write the records to train with, and a hundred other digits to ask about, with what they are (1: a zero)."""
    (images, digits), _, (test_images, test_digits) = read_digits(source)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "recordio-pb-data", "wb") as records:
        records.writelines(record(image, digit == 0) for image, digit in zip(images, digits, strict=True))
    np.savetxt(folder / "digits.csv", test_images[:ASKED], delimiter=",", fmt="%.6g")
    np.savetxt(folder / "labels.txt", test_digits[:ASKED] == 0, fmt="%d")
    print(f"{len(images)} records to train with, and {len(test_images[:ASKED])} digits to ask about, are in {folder}")
    return 0


def compare(labels, answer):
    """Say how many of the endpoint's answers are right. Returns 1 where fewer than 95 % are."""
    truth = [int(line) for line in labels.read_text().split()]
    told = [row["predicted_label"] for row in json.loads(answer.read_text())["predictions"]]
    right = sum(said == is_zero for said, is_zero in zip(told, truth, strict=True))
    print(f"{right} of {len(truth)} digits told right")
    return int(right < WANTED * len(truth))


def main():
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(description="The lesson's data, for the AWS CLI.")
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser("prepare", help="write records and questions")
    making.add_argument("source", type=Path, metavar="mnist.pkl.gz")
    making.add_argument("folder", type=Path)
    making.set_defaults(act=prepare)
    marking = commands.add_parser("compare", help="say how many answers are right")
    marking.add_argument("labels", type=Path, metavar="labels.txt")
    marking.add_argument("answer", type=Path, metavar="answer.json")
    marking.set_defaults(act=compare)
    options = vars(parser.parse_args())
    return options.pop("act")(**options)


if __name__ == "__main__":
    sys.exit(main())
