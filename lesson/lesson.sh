#!/usr/bin/env bash
# The lesson, typed into the AWS CLI: what the console and the notebook do behind each click.
#
#     bash lesson.sh lesson   sagemaker-20190701-1820    bucket, role, notebook instance, training, endpoint, predictions
#     bash lesson.sh teardown sagemaker-20190701-1820    delete what is billed: endpoint and notebook instance
#     bash lesson.sh sweep    sagemaker-20190701-1820    once you are graded: delete bucket and role, too
#     bash lesson.sh all      sagemaker-20190701-1820    the three of them
#
# Needs the AWS CLI, credentials, a region, and Python with NumPy (PYTHON says which one).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export AWS_PAGER="" AWS_DEFAULT_OUTPUT=text

say() { printf '\n%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 2; }

[ $# = 2 ] || stop "Usage: bash lesson.sh lesson|teardown|sweep|all BUCKET"
step=$1 bucket=$2
[[ $step =~ ^(lesson|teardown|sweep|all)$ ]] || stop "There is no step called $step: type lesson, teardown, sweep or all."
[[ $bucket =~ ^sagemaker-([0-9]{8})-?([0-9]{4,6})(-[a-z0-9]+)?$ ]] ||
    stop "The bucket's name must be sagemaker-<date>-<time>, such as sagemaker-20190701-1820; this is $bucket"
clock=${BASH_REMATCH[2]}00
stamp=${BASH_REMATCH[1]}T${clock:0:6}

region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}
[ -n "$region" ] || stop "No region is set. Type: export AWS_DEFAULT_REGION=us-east-1"
export AWS_REGION=$region AWS_DEFAULT_REGION=$region

instance=sm-test
role=AmazonSageMaker-ExecutionRole-$stamp
policy=AmazonSageMaker-ExecutionPolicy-$stamp
prefix=sagemaker/DEMO-linear-mnist
endpoint=linear-learner-${bucket#sagemaker-} # the model and the endpoint's configuration have the same name
work=$(mktemp -d)

# What is half done may be billed, too.
leave() {
    local status=$?
    rm -rf "$work"
    [ $status = 0 ] || printf '\nIt ended half-way. Delete what is billed with: bash lesson.sh teardown %s\n' "$bucket" >&2
}
trap leave EXIT

# Whose registry has Amazon's own algorithms. Source: SageMaker Python SDK, image_uri_config/linear-learner.json.
registries="
af-south-1 455444449433     ap-east-1 286214385809      ap-northeast-1 351501993468 ap-northeast-2 835164637446
ap-northeast-3 867004704886 ap-south-1 991648021394     ap-south-2 628508329040     ap-southeast-1 475088953585
ap-southeast-2 712309505854 ap-southeast-3 951798379941 ap-southeast-4 106583098589 ca-central-1 469771592824
ca-west-1 190319476487      eu-central-1 664544806723   eu-central-2 680994064768   eu-north-1 669576153137
eu-south-1 257386234256     eu-south-2 104374241257     eu-west-1 438346466558      eu-west-2 644912444149
eu-west-3 749696950732      il-central-1 898809789911   me-central-1 272398656194   me-south-1 249704162688
sa-east-1 855470959533      us-east-1 382416733822      us-east-2 404615174143      us-west-1 632365934929
us-west-2 174872318107"

# Run a command with each type of machine in turn, until AWS does not refuse it, for a quota or for want of such machines
# in the region: first_allowed "TYPES" COMMAND …
first_allowed() {
    local types=$1 type
    shift
    for type in $types; do
        if "$@" "$type" 2> "$work/refusal"; then return; fi
        if ! grep -qE "ResourceLimitExceeded|ValidationException.*$type" "$work/refusal"; then break; fi
        say "AWS refused $type. That is no mistake of yours; the next type is tried."
    done
    cat "$work/refusal" >&2
    return 1
}

# -- Step 4: a bucket with everything left at its default, and a notebook instance with a role of its own ---------------

make_role() {
    aws iam create-role --path /service-role/ --role-name "$role" \
        --description "SageMaker execution role created from the SageMaker AWS Management Console." \
        --assume-role-policy-document '{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]}' > /dev/null
    aws iam create-policy --path /service-role/ --policy-name "$policy" --query Policy.Arn \
        --policy-document '{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws:s3:::'"$bucket"'"]},
            {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
             "Resource": ["arn:aws:s3:::'"$bucket"'/*"]}]}' > "$work/policy"
    aws iam attach-role-policy --role-name "$role" --policy-arn "$(cat "$work/policy")"
    aws iam attach-role-policy --role-name "$role" --policy-arn arn:aws:iam::aws:policy/AmazonSageMakerFullAccess
    aws iam wait role-exists --role-name "$role"
}

make_notebook_instance() {
    local try
    for try in 1 2 3 4 5 6; do # a new role takes some seconds until all of AWS knows it
        if aws sagemaker create-notebook-instance --notebook-instance-name $instance --instance-type ml.t2.medium \
            --role-arn "$(role_arn)" --root-access Enabled > /dev/null 2> "$work/refusal"; then return; fi
        if ! grep -qi 'assume' "$work/refusal" || [ "$try" = 6 ]; then break; fi
        sleep 5
    done
    cat "$work/refusal" >&2
    return 1
}

role_arn() { aws iam get-role --role-name "$role" --query Role.Arn; }

step_4() {
    say "Making the bucket $bucket in $region, the role and the notebook instance …"
    aws s3 mb "s3://$bucket"
    make_role
    make_notebook_instance
    say "Waiting until $instance is InService (2 to 6 minutes on AWS: a machine starts) …"
    aws sagemaker wait notebook-instance-in-service --notebook-instance-name $instance
    say "For steps 5 and 6, open JupyterLab within five minutes with this address (it is yours alone):"
    aws sagemaker create-presigned-notebook-instance-url --notebook-instance-name $instance ||
        echo "AWS gave none: open it from the console, under Notebook instances."
}

# -- Step 7: train, deploy, predict ---------------------------------------------------------------------------------------

upload_digits() {
    say "Downloading the digits, and uploading them as records (some minutes, if you are far from $region) …"
    aws s3 cp --no-progress "s3://sagemaker-example-files-prod-$region/datasets/image/MNIST/mnist.pkl.gz" "$work/"
    "${PYTHON:-python3}" mnist_records.py prepare "$work/mnist.pkl.gz" "$work"
    aws s3 cp --no-progress "$work/recordio-pb-data" "s3://$bucket/$prefix/train/recordio-pb-data"
}

create_training_job() {
    aws sagemaker create-training-job --training-job-name "$job" --role-arn "$(role_arn)" \
        --algorithm-specification "TrainingImage=$image,TrainingInputMode=File" \
        --hyper-parameters feature_dim=784,predictor_type=binary_classifier,mini_batch_size=200 \
        --input-data-config '[{"ChannelName": "train", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix",
            "S3Uri": "s3://'"$bucket/$prefix"'/train/recordio-pb-data", "S3DataDistributionType": "FullyReplicated"}}}]' \
        --output-data-config "S3OutputPath=s3://$bucket/$prefix/output" \
        --stopping-condition MaxRuntimeInSeconds=900 \
        --resource-config "InstanceCount=1,VolumeSizeInGB=30,InstanceType=$1" > /dev/null
}

train() {
    local state
    say "Training (3 to 5 minutes on AWS, most of it for starting a machine) …"
    first_allowed "ml.m5.large ml.c4.xlarge ml.m5.xlarge ml.c5.xlarge" create_training_job
    aws sagemaker wait training-job-completed-or-stopped --training-job-name "$job" || true # a failed one is told below
    state=$(aws sagemaker describe-training-job --training-job-name "$job" --query '[TrainingJobStatus, FailureReason]')
    [[ $state = Completed* ]] || stop "The training job $job did not complete: $state"
    artifact=$(aws sagemaker describe-training-job --training-job-name "$job" --query ModelArtifacts.S3ModelArtifacts)
    say "The model is $artifact"
}

create_endpoint() {
    aws sagemaker create-endpoint-config --endpoint-config-name "$endpoint" --production-variants \
        "VariantName=AllTraffic,ModelName=$endpoint,InitialInstanceCount=1,InitialVariantWeight=1,InstanceType=$1" > /dev/null || return 1
    if aws sagemaker create-endpoint --endpoint-name "$endpoint" --endpoint-config-name "$endpoint" > /dev/null; then return; fi
    aws sagemaker delete-endpoint-config --endpoint-config-name "$endpoint" # the next type needs another one
    return 1
}

deploy() {
    say "Deploying (3 to 6 minutes on AWS: another machine starts, and loads the model) …"
    aws sagemaker create-model --model-name "$endpoint" --execution-role-arn "$(role_arn)" \
        --primary-container "Image=$image,ModelDataUrl=$artifact" > /dev/null
    first_allowed "ml.t2.medium ml.m5.large ml.m4.xlarge ml.c5.large" create_endpoint
    aws sagemaker wait endpoint-in-service --endpoint-name "$endpoint"
    say "The endpoint $endpoint answers. It is billed by the second until you delete it."
}

predict() {
    aws sagemaker-runtime invoke-endpoint --endpoint-name "$endpoint" --content-type text/csv \
        --body "fileb://$work/digits.csv" "$work/answer.json" > /dev/null
    "${PYTHON:-python3}" mnist_records.py compare "$work/labels.txt" "$work/answer.json"
}

step_7() {
    local registry
    registry=$(grep -oE "(^| )$region [0-9]+" <<< "$registries" | grep -oE '[0-9]+$') ||
        stop "Linear Learner does not exist in $region. Choose another region."
    image=$registry.dkr.ecr.$region.amazonaws.com/linear-learner:1
    job=linear-learner-$(date -u +%Y-%m-%d-%H-%M-%S)-000
    upload_digits
    train
    deploy
    predict
}

# -- Step 8, and the endpoint, which deleting the notebook instance does not delete -----------------------------------------

# Run a command; that there is nothing (any more) is fine.
if_there() {
    if "$@" > /dev/null 2> "$work/refusal"; then return; fi
    grep -qE 'RecordNotFound|Could not find|NoSuchEntity|NoSuchBucket' "$work/refusal" || { cat "$work/refusal" >&2; return 1; }
}

delete_notebook_instance() {
    local status
    status=$(aws sagemaker list-notebook-instances --name-contains $instance \
        --query "NotebookInstances[?NotebookInstanceName=='$instance'].NotebookInstanceStatus")
    if [ -z "$status" ]; then return; fi
    if [ "$status" = Pending ]; then
        aws sagemaker wait notebook-instance-in-service --notebook-instance-name $instance && status=InService
    fi
    if [ "$status" = InService ]; then aws sagemaker stop-notebook-instance --notebook-instance-name $instance; fi
    if [ "$status" != Failed ]; then
        say "Waiting until $instance is Stopped (1 to 3 minutes on AWS): only then may it be deleted …"
        aws sagemaker wait notebook-instance-stopped --notebook-instance-name $instance
    fi
    aws sagemaker delete-notebook-instance --notebook-instance-name $instance
    say "Waiting until $instance is gone (1 to 2 minutes on AWS) …"
    aws sagemaker wait notebook-instance-deleted --notebook-instance-name $instance
}

teardown() {
    local status
    say "Deleting the endpoint, its configuration and its model …"
    status=$(aws sagemaker list-endpoints --name-contains "$endpoint" \
        --query "Endpoints[?EndpointName=='$endpoint'].EndpointStatus")
    if [ "$status" = Creating ]; then # only then may it be deleted; a failed one just as well
        aws sagemaker wait endpoint-in-service --endpoint-name "$endpoint" || true
    fi
    if_there aws sagemaker delete-endpoint --endpoint-name "$endpoint"
    if_there aws sagemaker delete-endpoint-config --endpoint-config-name "$endpoint"
    if_there aws sagemaker delete-model --model-name "$endpoint"
    aws sagemaker wait endpoint-deleted --endpoint-name "$endpoint"
    delete_notebook_instance
    say "Nothing of this lesson in $region is billed by the second any more."
}

sweep() {
    local arn
    say "Deleting the role, its policy, and the bucket with what is in it …"
    for arn in $(aws iam list-attached-role-policies --role-name "$role" --query 'AttachedPolicies[].PolicyArn' || true); do
        aws iam detach-role-policy --role-name "$role" --policy-arn "$arn"
        case $arn in */service-role/"$policy") aws iam delete-policy --policy-arn "$arn" ;; esac
    done
    if_there aws iam delete-role --role-name "$role"
    if_there aws s3 rb --force "s3://$bucket"
}

case $step in
lesson) step_4; step_7 ;;
teardown) teardown ;;
sweep) sweep ;;
all) step_4; step_7; teardown; sweep ;;
esac
