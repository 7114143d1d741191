#!/usr/bin/env python3
"""Is it a zero? Trains Amazon's Linear Learner on handwritten digits, deploys the model and asks it.

    python linear_learner_mnist.py --bucket sagemaker-20190701-1820

Needs the bucket and the notebook instance of the lesson's step 4, and `pip install "sagemaker<3"`. It ends with 0 where
at least 95 % of the digits were told right, with 1 where they were not, and with 2 where the lesson could not go on.
"""

import argparse
import contextlib
import gzip
import io
import logging
import os
import pickle
import sys
import time
import warnings

import boto3
import botocore.exceptions
import numpy as np

os.environ.setdefault("SAGEMAKER_SUPPRESS_V2_WARNING", "1")  # that it is version 2 is on purpose
for name in ("sagemaker", "sagemaker.config", "botocore"):  # what goes wrong is raised, and told at the end
    logging.getLogger(name).setLevel(logging.CRITICAL)
try:
    import sagemaker
    from sagemaker import image_uris
    from sagemaker.amazon.common import write_numpy_to_dense_tensor
    from sagemaker.deserializers import JSONDeserializer
    from sagemaker.estimator import Estimator
    from sagemaker.exceptions import UnexpectedStatusException
    from sagemaker.predictor import Predictor
    from sagemaker.serializers import CSVSerializer
    from sagemaker.session import NOTEBOOK_METADATA_FILE
    from sagemaker.utils import name_from_base
except ImportError as error:  # version 3 has none of these
    sys.exit(f'This lesson needs version 2 of the SageMaker SDK: pip install "sagemaker<3"   ({error})')

INSTANCE = "sm-test"
PREFIX = "sagemaker/DEMO-linear-mnist"
SAMPLES = "sagemaker-example-files-prod-{region}"
DIGITS = "datasets/image/MNIST/mnist.pkl.gz"
# New accounts may not use every type of machine: the next one is tried where a quota refuses the first.
TRAINING_TYPES = ("ml.m5.large", "ml.c4.xlarge", "ml.m5.xlarge", "ml.c5.xlarge")
HOSTING_TYPES = ("ml.t2.medium", "ml.m5.large", "ml.m4.xlarge", "ml.c5.large")
NOW_THE_INSTANCE = f"Stop and delete the notebook instance {INSTANCE} now; what is in the bucket costs next to nothing."
BATCHES = 100
WANTED = 0.95
# The SDK reports its use to AWS unless it is told not to.
SDK_SETTINGS = {"SchemaVersion": "1.0", "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}}}


class CannotGoOn(Exception):
    """The lesson cannot go on; the text says why and what to do."""


# -- where: session, role, bucket ---------------------------------------------------------------------------------


def open_session(region):
    """The SDK's way to AWS, in this region or in the one that AWS is configured with."""
    boto_session = boto3.Session(region_name=region)
    if boto_session.region_name is None:
        raise CannotGoOn("No region is set. Add --region us-east-1, or the region that your bucket is in.")
    return sagemaker.Session(boto_session, sagemaker_config=SDK_SETTINGS)


def find_role(session):
    """The role to work with: on a notebook instance its own, elsewhere that of the instance `sm-test`."""
    if os.path.exists(NOTEBOOK_METADATA_FILE):
        return sagemaker.get_execution_role(session)
    try:
        return session.sagemaker_client.describe_notebook_instance(NotebookInstanceName=INSTANCE)["RoleArn"]
    except botocore.exceptions.ClientError as error:
        if "RecordNotFound" not in str(error):
            raise
        raise CannotGoOn(
            f"There is no notebook instance called {INSTANCE} in {session.boto_region_name}, whose role could be used. "
            "Create it first (step 4 of the lesson), or name a role with --role arn:aws:iam::…"
        ) from error


def check_bucket(session, bucket):
    """Stop with clear words unless the bucket is there, may be used, and is in the region that is worked in."""
    try:
        answer = session.s3_client.head_bucket(Bucket=bucket)
    except botocore.exceptions.ClientError as error:
        why = {
            "404": f"There is no bucket called {bucket}. Is the name right? Create it first (step 4 of the lesson).",
            "403": f"You may not use the bucket {bucket}. Is the name right? It may be somebody else's.",
        }
        raise CannotGoOn(why.get(error.response["Error"]["Code"], str(error))) from error
    region = answer["ResponseMetadata"]["HTTPHeaders"].get("x-amz-bucket-region", session.boto_region_name)
    if region != session.boto_region_name:
        raise CannotGoOn(f"The bucket {bucket} is in {region}; work there: --region {region}")


# -- data -----------------------------------------------------------------------------------------------------------


def download_digits(session):
    """MNIST from AWS's public bucket: three pairs of images (n rows of 784 pixels, 0 to 1) and digits (0 to 9)."""
    bucket = SAMPLES.format(region=session.boto_region_name)
    packed = session.s3_client.get_object(Bucket=bucket, Key=DIGITS)["Body"].read()
    with warnings.catch_warnings():  # NumPy has changed since this file was written, and says so
        warnings.simplefilter("ignore")
        return pickle.loads(gzip.decompress(packed), encoding="latin1")  # noqa: S301 - Amazon's own file


def upload_records(session, bucket, images, labels):
    """Write the records in the form that Linear Learner reads fastest, and put them into the bucket. Returns where."""
    records = io.BytesIO()
    write_numpy_to_dense_tensor(records, images.astype("float32"), labels.astype("float32"))
    records.seek(0)
    key = f"{PREFIX}/train/recordio-pb-data"
    session.s3_client.upload_fileobj(records, bucket, key)
    return f"s3://{bucket}/{key}"


# -- train and deploy -------------------------------------------------------------------------------------------------


def is_refused(error, machine):
    """Whether AWS refused this type of machine: a quota of the account, or a region that has no such machines."""
    code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
    return code == "ResourceLimitExceeded" or (code == "ValidationException" and machine in message)


def first_allowed(machines, purpose, start):
    """What `start(machine)` returns for the first type of machine that AWS does not refuse."""
    for machine in machines:
        try:
            return start(machine)
        except botocore.exceptions.ClientError as error:
            if not is_refused(error, machine):
                raise
            refusal = error.response["Error"]["Message"]
            print(f"AWS refused {machine} for {purpose}. That is no mistake of yours; the next type is tried.")
    raise CannotGoOn(f"AWS refused each of {', '.join(machines)} for {purpose}. It says: {refusal}")


def train(session, role, bucket, records):
    """Train the model, and wait until it is in the bucket. Returns the estimator."""
    region = session.boto_region_name
    try:
        image = image_uris.retrieve("linear-learner", region)
    except ValueError as error:
        raise CannotGoOn(f"Linear Learner does not exist in {region}. Choose another region.") from error

    def start(machine):
        estimator = Estimator(
            image,
            role,
            instance_count=1,
            instance_type=machine,
            output_path=f"s3://{bucket}/{PREFIX}/output",
            max_run=15 * 60,  # seconds: no mistake can cost more
            sagemaker_session=session,
            hyperparameters={"feature_dim": 784, "predictor_type": "binary_classifier", "mini_batch_size": 200},
        )
        estimator.fit({"train": records})
        return estimator

    return first_allowed(TRAINING_TYPES, "training", start)


def delete_refused(session, name):
    """Delete what was made for an endpoint before it was refused: its model, and perhaps its configuration."""
    for delete_one in (session.delete_endpoint_config, session.delete_model):
        with contextlib.suppress(botocore.exceptions.ClientError):
            delete_one(name)


def deploy(session, estimator):
    """Put the model onto a machine that answers questions, and wait until it does. Returns the predictor."""

    def start(machine):
        name = name_from_base("linear-learner")
        try:
            return estimator.deploy(
                initial_instance_count=1,
                instance_type=machine,
                model_name=name,
                endpoint_name=name,
                serializer=CSVSerializer(),
                deserializer=JSONDeserializer(),
                wait=False,
            )
        except botocore.exceptions.ClientError as error:
            if is_refused(error, machine):
                delete_refused(session, name)
            raise

    predictor = first_allowed(HOSTING_TYPES, "an endpoint", start)
    print(f"The endpoint is called {predictor.endpoint_name}")
    session.wait_for_endpoint(predictor.endpoint_name, poll=5)
    return predictor


# -- predict ----------------------------------------------------------------------------------------------------------


def predict(predictor, images):
    """What the model tells of each image: 1 for a zero, 0 for another digit. 100 requests, each with equally many."""
    told = []
    for batch in np.array_split(images, min(BATCHES, len(images))):
        told += [row["predicted_label"] for row in predictor.predict(batch)["predictions"]]
    return np.array(told, dtype=int)


def confusion(is_zero, told):
    """How many other digits (first row) and zeros (second row) were told another digit, and a zero."""
    return [[int(np.sum((is_zero == truth) & (told == said))) for said in (0, 1)] for truth in (0, 1)]


def as_table(matrix):
    """The confusion matrix, as text."""
    head = f"{'':14}{'told other':>12}{'told zero':>12}"
    rows = [f"{name:14}{row[0]:12}{row[1]:12}" for name, row in zip(("other digits", "zeros"), matrix, strict=True)]
    return "\n".join([head, *rows])


# -- clean up ---------------------------------------------------------------------------------------------------------


def serves(session, endpoint, artifacts):
    """Whether the endpoint serves a model from below this address; None where that cannot be seen."""
    client = session.sagemaker_client
    try:
        config = client.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"]
        variants = client.describe_endpoint_config(EndpointConfigName=config)["ProductionVariants"]
        models = [client.describe_model(ModelName=variant["ModelName"]) for variant in variants]
    except (botocore.exceptions.ClientError, KeyError):
        return None
    return any(model.get("PrimaryContainer", {}).get("ModelDataUrl", "").startswith(artifacts) for model in models)


def delete(session, endpoint):
    """Delete an endpoint, its configuration and its model. One that is still being created is waited for."""
    if session.sagemaker_client.describe_endpoint(EndpointName=endpoint)["EndpointStatus"] == "Creating":
        with contextlib.suppress(UnexpectedStatusException):  # a failed one is deleted just the same
            session.wait_for_endpoint(endpoint, poll=5)
    predictor = Predictor(endpoint, sagemaker_session=session)
    predictor.delete_model()  # first: the endpoint's configuration knows the model's name
    predictor.delete_endpoint()  # with its configuration
    print(f"Deleted the endpoint {endpoint}, its configuration and its model.")


def clean_up(session, bucket):
    """Delete each endpoint that serves a model of this lesson, out of this bucket; nothing else of yours."""
    pages = session.sagemaker_client.get_paginator("list_endpoints").paginate()
    endpoints = [
        row["EndpointName"] for page in pages for row in page["Endpoints"] if row["EndpointStatus"] != "Deleting"
    ]
    found = {name: serves(session, name, f"s3://{bucket}/{PREFIX}/output/") for name in endpoints}
    for name in (name for name, ours in found.items() if ours):
        delete(session, name)
    others = [name for name, ours in found.items() if not ours]
    if others:
        print(f"Still there, and billed while they are: {', '.join(others)}. If they are yours, delete them, too.")


# -- the lesson -------------------------------------------------------------------------------------------------------


def study(session, role, bucket):
    """From the data to the share of digits that the deployed model tells right (0 to 1)."""
    print("Downloading the digits, and uploading them as records (about a minute on AWS) …")
    (images, digits), _, (test_images, test_digits) = download_digits(session)
    records = upload_records(session, bucket, images, digits == 0)
    print(f"{len(images)} digits are in {records}")
    print("Training (3 to 5 minutes on AWS, most of it for starting a machine) …")
    estimator = train(session, role, bucket, records)
    print(f"The model is {estimator.model_data}")
    print("Deploying (3 to 6 minutes on AWS: another machine starts, and loads the model) …")
    predictor = deploy(session, estimator)
    print(f"\nAsking about {len(test_images)} digits that the model has never seen (half a minute on AWS) …")
    is_zero = test_digits == 0
    told = predict(predictor, test_images)
    print(as_table(confusion(is_zero, told)))
    share = float(np.mean(told == is_zero))
    print(f"{share:.1%} told right")
    return share


def lesson(session, options):
    """Run what the options ask for; returns the exit status."""
    check_bucket(session, options.bucket)
    if options.cleanup_only:
        clean_up(session, options.bucket)
        print(NOW_THE_INSTANCE)
        return 0
    role = options.role or find_role(session)
    try:
        share = study(session, role, options.bucket)
    finally:
        if options.keep:
            print("What runs stays, and is billed by the second until you run this again with --cleanup-only.")
        else:
            clean_up(session, options.bucket)
    if not options.keep:
        print(NOW_THE_INSTANCE)
    if share < WANTED:
        print(f"That is less than the {WANTED:.0%} that this model should reach.", file=sys.stderr)
    return int(share < WANTED)


def main():
    """Read the command line, run, and tell what went wrong in one sentence."""
    parser = argparse.ArgumentParser(description="Train, deploy and ask a model that tells zeros from other digits.")
    parser.add_argument("--bucket", required=True, help="your own bucket: sagemaker-<date>-<time>")
    parser.add_argument("--role", metavar="ARN", help=f"the role to work with; otherwise that of {INSTANCE}")
    parser.add_argument("--region", help="where to work; otherwise where AWS is configured to")
    until = parser.add_mutually_exclusive_group()
    until.add_argument("--keep", action="store_true", help="leave the endpoint running, to look at it")
    until.add_argument("--cleanup-only", action="store_true", help="only delete what an earlier run left running")
    options = parser.parse_args()
    begun = time.monotonic()
    try:
        status = lesson(open_session(options.region), options)
    except (CannotGoOn, UnexpectedStatusException, botocore.exceptions.BotoCoreError) as error:
        print(error, file=sys.stderr)
        return 2
    except botocore.exceptions.ClientError as error:
        print(f"AWS refused: {error}", file=sys.stderr)
        return 2
    print(f"Done in {time.monotonic() - begun:.0f} seconds.")
    return status


if __name__ == "__main__":
    sys.exit(main())
