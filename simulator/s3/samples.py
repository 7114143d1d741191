"""AWS's public bucket of sample data for SageMaker, in each region, with MNIST in it."""

import functools
import json
import re

from moto.s3.models import s3_backends

from simulator.digits import mnist_pickle

# Whose bucket it is, so that it is nobody's of the class.
AWS_ACCOUNT = "382416733822"
SAMPLES_KEY = "datasets/image/MNIST/mnist.pkl.gz"
_SAMPLES = re.compile(r"sagemaker-example-files-prod-([a-z0-9-]+)")


def put_samples(name: str) -> None:
    """Have AWS's public bucket of this name, with MNIST in it, if it is one; it is made when it is asked for."""
    found = _SAMPLES.fullmatch(name)
    if found is None or name in s3_backends.bucket_accounts:
        return
    region, backend = found[1], s3_backends[AWS_ACCOUNT]["aws"]
    bucket = backend.create_bucket(name, region)
    bucket.public_access_block = None
    readers = {"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "s3:ListBucket"]}
    what = [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]
    bucket.policy = json.dumps({"Version": "2012-10-17", "Statement": [readers | {"Resource": what}]}).encode()
    backend.put_object(name, SAMPLES_KEY, _mnist())


@functools.cache
def _mnist() -> bytes:
    pickled: bytes = mnist_pickle()
    return pickled
